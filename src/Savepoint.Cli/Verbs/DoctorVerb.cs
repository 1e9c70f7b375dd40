using Savepoint.Cli.Diagnosis;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>doctor</c>: what is wrong with this set-up, and how to mend it.</summary>
internal sealed class DoctorVerb() : Verb("doctor", "Say what is wrong with this set-up, and how to mend it.")
{
    public override IReadOnlyList<string> Examples => ["savepoint doctor"];

    public override string Details => "The exit code is 1 if something does not work.";

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var directory = invocation.NamedDirectory();
        var findings = await new SetUpChecks(directory, FindTracked(invocation)).RunAsync(cancellationToken).ConfigureAwait(false);
        if (invocation.Terminal.IsJson)
        {
            Write(invocation.Terminal, findings);
        }
        else
        {
            Show(invocation.Terminal, invocation.Paint, findings);
        }

        return findings.Exists(finding => finding.Level == FindingLevel.Problem) ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>The workspace, as far as the settings let one be found: if they do not, that is a finding of its own.</summary>
    private static string? FindTracked(Invocation invocation)
    {
        try
        {
            return invocation.FindWorkspace();
        }
        catch (SavepointException e) when (e.Code == ErrorCode.InvalidSettings)
        {
            return null;
        }
    }

    private static void Write(Terminal terminal, List<Finding> findings) => terminal.Json(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", !findings.Exists(finding => finding.Level == FindingLevel.Problem));
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("check", finding.Check);
            json.WriteString("level", WordFor(finding.Level));
            json.WriteString("detail", finding.Detail);
            json.WriteString("remedy", finding.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Show(Terminal terminal, Paint paint, List<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var mark = finding.Level switch
            {
                FindingLevel.Ok => paint.Added("ok     "),
                FindingLevel.Note => paint.Changed("note   "),
                _ => paint.Deleted("problem"),
            };
            terminal.Line($"{mark}  {finding.Check}: {SafeText.Of(finding.Detail)}");
            if (finding.Remedy is { } remedy)
            {
                terminal.Line($"         {SafeText.Of(remedy)}");
            }
        }
    }

    private static string WordFor(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "ok",
        FindingLevel.Note => "note",
        _ => "problem",
    };
}
