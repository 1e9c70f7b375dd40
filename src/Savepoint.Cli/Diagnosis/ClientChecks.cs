using System.Text.Json;
using Savepoint.Cli.Clients;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Diagnosis;

/// <summary>Which agents' clients are set up, for the project and for the user, and whether what they call is there.</summary>
/// <param name="project">The project's directory.</param>
internal sealed class ClientChecks(string project)
{
    private const string SetUp = "set up for the ";

    public IReadOnlyList<Finding> Run()
    {
        var findings = Client.Names.Select(name => Client.Find(name)!).SelectMany(Look).ToList();
        return findings.Count > 0
            ? findings
            : [new Finding("agents", FindingLevel.Note, "no client is set up to tell of its work", "'savepoint install CLIENT' sets one up, for this project or with --user for all.")];
    }

    private List<Finding> Look(Client client)
    {
        var findings = Scopes().Select(scope => Look(client, scope)).OfType<Finding>().ToList();
        if (findings.Count(finding => finding.Detail.StartsWith(SetUp, StringComparison.Ordinal)) > 1)
        {
            findings.Add(new Finding(
                client.Name, FindingLevel.Note, "each of its events starts two processes, for the project and for the user, and the second finds nothing to do", $"'savepoint uninstall {client.Name} --project' leaves the user's."));
        }

        return findings;
    }

    private IEnumerable<(bool IsUser, string Directory)> Scopes()
    {
        if (project != UserFolders.Home)
        {
            yield return (false, project);
        }

        if (UserFolders.Home is { } home)
        {
            yield return (true, home);
        }
    }

    /// <summary>What is the case with one client; null if nothing of ours is in its files.</summary>
    private static Finding? Look(Client client, (bool IsUser, string Directory) scope)
    {
        var target = new Installation(scope.IsUser, scope.Directory, OwnProgram.Name);
        var remedy = $"'savepoint install {client.Name} --{target.ScopeWord}' renews it.";
        try
        {
            var texts = client.Parts(target).Select(part => (Part: part, Text: ConfigFile.Read(part.File) ?? [])).ToList();
            var programs = texts.SelectMany(file => file.Part.ProgramsIn(file.Text)).Distinct().ToList();
            if (programs.Count == 0)
            {
                return null;
            }

            if (programs.Find(program => OwnProgram.Find(program) is null) is { } missing)
            {
                return new Finding(client.Name, FindingLevel.Problem, $"{SetUp}{target.ScopeWord}, and calls {missing}, which is not there", remedy);
            }

            // Another copy of us may have written it, at another place: that is as good.
            var wanted = client.Parts(target with { Program = programs[0] });
            return programs.Count == 1 && wanted.Zip(texts).All(pair => pair.First.OursIn(pair.Second.Text).SequenceEqual(pair.First.Wanted))
                ? new Finding(client.Name, FindingLevel.Ok, $"{SetUp}{target.ScopeWord}, calls {programs[0]}")
                : new Finding(client.Name, FindingLevel.Note, $"{SetUp}{target.ScopeWord} in part, or by another version", remedy);
        }
        catch (Exception e) when (e is SavepointException or JsonException or FormatException)
        {
            return new Finding(client.Name, FindingLevel.Note, $"its configuration cannot be read: {e.Message}", "Correct the file that is named.");
        }
    }
}
