using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>undo</c>: steps back.</summary>
internal sealed class UndoVerb() : StepVerb("undo", "Take the last operation back; repeated, the one before it.")
{
    public override IReadOnlyList<string> Examples =>
    [
        "savepoint undo      # the last operation",
        "savepoint undo 3    # the last three; 'savepoint redo 3' brings them back",
    ];

    protected override Task<RestoreResult> StepAsync(SnapshotManager workspace, int steps, CancellationToken cancellationToken) =>
        workspace.UndoAsync(steps, null, cancellationToken);
}
