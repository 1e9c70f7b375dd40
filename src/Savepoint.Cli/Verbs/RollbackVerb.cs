using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>rollback</c>: makes the tree, or some paths, what it was at a revision.</summary>
internal sealed class RollbackVerb() : Verb("rollback", "Make the workspace, or some paths of it, what it was at a revision.")
{
    private readonly Argument<string?> _revision = new("REV") { Arity = ArgumentArity.ZeroOrOne, Description = "The revision to go to." };
    private readonly Option<string[]> _paths = new("--path") { HelpName = "P", AllowMultipleArgumentsPerToken = true, Description = "Restore only these files or directories." };
    private readonly Option<bool> _nearest = new("--nearest") { Description = "If compaction freed the state of this number, go to the end of what it was merged into." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint rollback before-refactoring",
        "savepoint rollback @{10m} --dry-run          # what would change",
        "savepoint rollback 42 --path src --path docs # only those directories",
    ];

    public override string Details => "What is not recorded yet is captured first, so a rollback loses nothing and can itself be undone.";

    public override void Declare(Command command)
    {
        command.Add(_revision);
        command.Add(_paths);
        command.Add(_nearest);
        command.Add(_dryRun);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (text, written) = invocation.ArgumentBeside(_revision, _paths);
        var revision = RevisionArgument.Parse(text ?? throw new UsageException("The revision to go to is missing."));
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var paths = invocation.Paths(workspace, written);
        var target = ResolvedRevision.Find(workspace, revision, invocation.Terminal);
        if (target.Requested is { } requested && !invocation.Get(_nearest))
        {
            throw new SavepointException(ErrorCode.UnknownRevision, $"The state of snapshot {requested} was freed by compaction.", $"The nearest that is there is {target.Number}, the end of what it was merged into: add --nearest to go there.");
        }

        using var progress = Progress.Start(invocation.Terminal, "rolling back");
        var result = await workspace.RollbackAsync(target.Number, paths, invocation.Get(_dryRun), null, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        NoteUnknown(invocation, workspace, paths ?? [], target.Number, result);
        return RestoreAnswer.Give(invocation, workspace, Name, result, target);
    }

    /// <summary>A path that was mistyped would else look as if it were what it was.</summary>
    private static void NoteUnknown(Invocation invocation, SnapshotManager workspace, WorkspacePath[] paths, SnapshotNumber target, RestoreResult result)
    {
        foreach (var path in paths.Where(path => !result.Files.Any(file => file.Path.IsWithin(path)) && workspace.StateAt(target, path).IsAbsent && !path.IsRoot))
        {
            invocation.Terminal.Note($"snapshot {target} has nothing at {SafeText.Of(path)}{(workspace.IsInTree(path) ? ", and what is there now stays" : ", nor is anything there now: is it mistyped?")}");
        }
    }
}
