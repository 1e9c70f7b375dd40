using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>
/// Tells, while the history is read from the newest on, which snapshots the head's state rests on and which undos have
/// left behind. The walk is the one that undo takes (docs/design/restore.md): from an undo or redo to its target, from
/// everything else to its parent.
/// </summary>
internal sealed class LiveChain(SnapshotManager workspace)
{
    private SnapshotNumber? _next = workspace.Head;

    /// <summary>Whether an undo took this snapshot back and no redo brought it again. Ask in the order of the history.</summary>
    public bool IsUndone(Snapshot snapshot)
    {
        while (_next > snapshot.Number)
        {
            Pass(workspace.GetSnapshot(_next.Value)); // it was filtered out
        }

        if (_next == snapshot.Number)
        {
            Pass(snapshot);
            return false;
        }

        return snapshot.Branch == workspace.Branch && !IsStep(snapshot);
    }

    private void Pass(Snapshot snapshot) => _next = IsStep(snapshot) ? snapshot.Target : snapshot.Parent;

    private static bool IsStep(Snapshot snapshot) => snapshot is { Kind: SnapshotKind.Undo or SnapshotKind.Redo, Target: not null };
}
