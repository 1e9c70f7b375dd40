using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>branch</c>: lines of history, each with a working copy of its own.</summary>
internal sealed class BranchVerb() : Verb("branch", "Make, list, delete branches, each with a copy of the workspace; run a command in one.")
{
    private readonly Argument<string[]> _words = new("ACTION") { Arity = ArgumentArity.ZeroOrMore, Description = "Nothing to list; 'create NAME'; 'run NAME -- CMD'; 'delete NAME'." };
    private readonly Option<string?> _from = new("--from") { HelpName = "REV", Description = "create, run: begin at this revision instead of the state as it is." };
    private readonly Option<string?> _directory = new("--dir") { HelpName = "D", Description = "create: put the copy there, outside the workspace; without it, beside the history." };
    private readonly Option<string?> _isolation = new("--isolation") { HelpName = "I", Description = "create, run: copy (a directory), overlay (seen by 'branch run' alone, made at once), or auto. Without it, create makes a copy, run what it can." };
    private readonly Option<string?> _timeout = new("--timeout") { HelpName = "D", Description = "run: end the command after this long: 500ms, 90s, 10m." };
    private readonly Option<bool> _force = new("--force") { Description = "delete: even if the copy holds what cannot be recorded, since it is unreadable or larger than maxFileBytes." };
    private readonly ActorOptions _actor = new();
    private bool _isRun;

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint branch create try-cache              # prints where the copy is",
        "savepoint branch create before --from @-3 --dir ../before",
        "savepoint branch run try-cache -- npm test     # makes the branch if it is not there",
        "savepoint branch                               # lists the branches",
        "savepoint branch delete try-cache",
    ];

    public override string Details => """
        A copy has all that the workspace has, ignored files too (node_modules, .env, build output), or, where a .worktreeinclude stands at
        the root, those that it matches. It is an ordinary directory: 'savepoint' in it works on its branch. Git's own directory is not
        copied. What a copy holds is captured before it is deleted, and its history stays until 'savepoint gc'; a copy that holds what cannot
        be recorded is not deleted without --force. Ignored files are not captured: they go with it.

        'branch run' runs in the branch's copy, or, for a branch without one, in an overlay over a frozen copy, where the system has user and
        mount namespaces. It ends with the command's exit code, 125 if recording failed, 126 or 127 if the command cannot be executed or found.
        """;

    public override int? FailureCode => _isRun ? ExitCode.RunFailed : null;

    public override void Declare(Command command)
    {
        command.Add(_words);
        command.Add(_from);
        command.Add(_directory);
        command.Add(_isolation);
        command.Add(_timeout);
        command.Add(_force);
        _actor.Declare(command);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var words = invocation.Get(_words) ?? [];
        return words switch
        {
            [] => await ListAsync(invocation, cancellationToken).ConfigureAwait(false),
            ["create", var name] => await CreateAsync(invocation, name, cancellationToken).ConfigureAwait(false),
            ["delete", var name] => await DeleteAsync(invocation, name, cancellationToken).ConfigureAwait(false),
            ["run", var name, _, ..] => await RunAsync(invocation, name, words[2..], cancellationToken).ConfigureAwait(false),
            ["run", _] => throw new UsageException("The command to run is missing.", "Write it behind '--': savepoint branch run NAME -- make"),
            ["create" or "delete" or "run"] => throw new UsageException("The branch's name is missing."),
            ["create" or "delete", ..] => throw new UsageException($"'{words[2]}' is one word too many."),
            _ => throw new UsageException($"There is no 'branch {words[0]}'.", "'branch' lists, 'branch create NAME' makes one, 'branch run NAME -- CMD' runs a command in one, 'branch delete NAME' ends one."),
        };
    }

    private static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        BranchAnswer.List(invocation, workspace);
        return ExitCode.Done;
    }

    private async Task<int> CreateAsync(Invocation invocation, string name, CancellationToken cancellationToken)
    {
        RefuseName(name);
        var options = Options(invocation, Isolation.Copy);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, "copying");
        var made = await workspace.CreateBranchAsync(name, From(invocation, workspace), options, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        BranchAnswer.Created(invocation, made);
        return ExitCode.Done;
    }

    private async Task<int> DeleteAsync(Invocation invocation, string name, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, "deleting");
        var deleted = await workspace.DeleteBranchAsync(name, invocation.Get(_force), cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        BranchAnswer.Deleted(invocation, deleted);
        return ExitCode.Done;
    }

    private async Task<int> RunAsync(Invocation invocation, string name, string[] command, CancellationToken cancellationToken)
    {
        RefuseName(name);
        _isRun = true;
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("'branch run' needs Linux.", "Run the command in the branch's directory, with 'savepoint run' in front.");
        }

        var limit = invocation.Get(_timeout) is { } text ? DurationSetting.TryParse(text) ?? throw new UsageException($"'{text}' is no duration: 500ms, 90s or 10m are.") : Timeout.InfiniteTimeSpan;
        var options = Options(invocation, null);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (workspace.Branches().All(branch => branch.Name != name))
        {
            using var progress = Progress.Start(invocation.Terminal, "copying");
            var made = await workspace.CreateBranchAsync(name, From(invocation, workspace), options, cancellationToken).ConfigureAwait(false);
            progress.Dispose();
            invocation.Terminal.Note(BranchAnswer.Made(made));
        }
        else if (invocation.Get(_from) is not null)
        {
            throw new UsageException($"There is a branch '{name}' already, which began where it began.", "Leave --from out, or name a new branch.");
        }

        return await new BranchRun(invocation, _actor.Context(invocation), limit).RunAsync(workspace, name, command, cancellationToken).ConfigureAwait(false);
    }

    private BranchOptions Options(Invocation invocation, Isolation? otherwise)
    {
        var directory = invocation.File(_directory);
        var isolation = invocation.Get(_isolation) switch
        {
            null => directory is not null ? Isolation.Copy : otherwise,
            "auto" => null,
            "copy" => Isolation.Copy,
            "overlay" when directory is not null => throw new UsageException("An overlay has no directory.", "Leave out --dir, or take --isolation copy."),
            "overlay" => Isolation.Overlay,
            var other => throw new UsageException($"'{other}' is no isolation.", "auto, overlay and copy are."),
        };
        return new BranchOptions { Directory = directory, Isolation = isolation, Context = _actor.Context(invocation) };
    }

    private SnapshotNumber? From(Invocation invocation, SnapshotManager workspace) =>
        invocation.Get(_from) is { } text ? ResolvedRevision.Find(workspace, RevisionArgument.Parse(text), invocation.Terminal).Number : null;

    private static void RefuseName(string name)
    {
        if (Label.NameProblem(name) is { } problem)
        {
            throw new UsageException($"'{name}' is no name for a branch: {problem}.");
        }
    }
}
