using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>redo</c>: steps forward again.</summary>
internal sealed class RedoVerb() : StepVerb("redo", "Do again what the last undo took back.")
{
    public override IReadOnlyList<string> Examples =>
    [
        "savepoint redo      # what the last undo took back",
        "savepoint redo 3    # three operations",
    ];

    protected override Task<RestoreResult> StepAsync(Invocation invocation, SnapshotManager workspace, int steps, CancellationToken cancellationToken) =>
        workspace.RedoAsync(steps, null, cancellationToken);
}
