using System.CommandLine;
using Savepoint.Cli.Clients;
using Savepoint.Cli.Hooks;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>What <c>install</c> and <c>uninstall</c> share: which client, for whom, and the answer.</summary>
internal abstract class ClientVerb(string name, string summary) : Verb(name, summary)
{
    private readonly Argument<string> _client = new("CLIENT") { Description = "claude-code, codex, gemini or opencode." };
    private readonly Option<bool> _user = new("--user") { Description = "For all of the user's projects." };
    private readonly Option<bool> _project = new("--project") { Description = "For this project alone; so it is if neither is given." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show what would be written, and write nothing." };

    public override void Declare(Command command)
    {
        command.Add(_client);
        command.Add(_user);
        command.Add(_project);
        command.Add(_dryRun);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var client = Client.Find(invocation.Get(_client))
            ?? throw new UsageException($"'{invocation.Get(_client)}' is no client that is known.", $"{string.Join(", ", Client.Names)} are.");
        await invocation.FinishInterruptedAsync(cancellationToken).ConfigureAwait(false);
        var target = TargetOf(invocation);
        var receipts = new ReceiptFolder(EffectiveSettings.Load(null).ToOptions().StoreHome);
        var plan = new ConfigPlan(receipts);
        var edits = Parts(client, target).Select(part => Plan(plan, part)).ToList();
        if (!invocation.Get(_dryRun))
        {
            new ConfigChange(receipts).Carry(edits);
        }

        Answer(invocation, client, target, edits);
        return ExitCode.Done;
    }

    /// <summary>Which files it is about.</summary>
    protected abstract IReadOnlyList<ConfigPart> Parts(Client client, Installation target);

    /// <summary>What is to be done to one file.</summary>
    protected abstract FileEdit Plan(ConfigPlan plan, ConfigPart part);

    /// <summary>What was done, or would be, in a sentence.</summary>
    protected abstract string Sentence(Client client, Installation target, bool isChange, bool isDryRun);

    /// <summary>What the user has to know; a sentence each, without its full stop.</summary>
    protected abstract IReadOnlyList<string> Notes(Client client, Installation target, bool isChange);

    /// <summary>Where the target is, for people.</summary>
    protected static string Place(Installation target) => target.IsUser ? "for all your projects" : $"in {SafeText.Of(target.Directory)}";

    private Installation TargetOf(Invocation invocation)
    {
        if (invocation.Get(_user) && invocation.Get(_project))
        {
            throw new UsageException("--user and --project exclude each other.");
        }

        if (invocation.Get(_user))
        {
            return new Installation(true, UserFolders.Home ?? throw new SavepointException(ErrorCode.Environment, "There is no home directory.", "Set HOME."), OwnProgram.Name);
        }

        var directory = invocation.FindWorkspace() ?? AutoInit.RepositoryOf(invocation.NamedDirectory()) ?? invocation.NamedDirectory();
        return directory == UserFolders.Home
            ? throw new SavepointException(ErrorCode.RefusedWorkspace, $"{directory} is the home directory, no project.", "Go to a project's directory, or give --user for all projects.")
            : new Installation(false, directory, OwnProgram.Name);
    }

    private void Answer(Invocation invocation, Client client, Installation target, List<FileEdit> edits)
    {
        var (isDryRun, isChange) = (invocation.Get(_dryRun), edits.Exists(edit => edit.IsChange));
        var notes = Notes(client, target, isChange);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json => ClientJson.Write(json, client, target, edits, notes, isDryRun));
            return;
        }

        invocation.Terminal.Say(Sentence(client, target, isChange, isDryRun));
        foreach (var edit in edits.Where(edit => edit.IsChange))
        {
            if (isDryRun)
            {
                PatchText.Write(invocation.Terminal, ConfigPatch.Of(edit));
            }
            else
            {
                invocation.Terminal.Line($"  {edit.Action,-7} {SafeText.Of(edit.File)}");
            }
        }

        foreach (var note in notes)
        {
            invocation.Terminal.Note(note);
        }
    }
}
