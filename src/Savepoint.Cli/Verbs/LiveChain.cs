using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>
/// Tells, while the history is read from the newest on, which snapshots the head's state rests on and which undos have
/// left behind, or reverts inverted. The walk is the one that undo takes (docs/design/restore.md): from an undo or redo to its
/// target, from everything else to its parent. A revert that was itself inverted takes nothing back.
/// </summary>
internal sealed class LiveChain(SnapshotManager workspace)
{
    private readonly HashSet<SnapshotNumber> _inverted = [];
    private SnapshotNumber? _next = workspace.Head;

    /// <summary>Whether an undo or revert took this snapshot back and nothing brought it again. Ask in the order of the history.</summary>
    public bool IsUndone(Snapshot snapshot)
    {
        while (_next > snapshot.Number)
        {
            Pass(workspace.GetSnapshot(_next.Value)); // it was filtered out
        }

        if (_next == snapshot.Number)
        {
            Pass(snapshot);
            return _inverted.Contains(snapshot.Number);
        }

        return snapshot.Branch == workspace.Branch && !IsStep(snapshot);
    }

    private void Pass(Snapshot snapshot)
    {
        _next = IsStep(snapshot) ? snapshot.Target : snapshot.Parent;
        if (snapshot is { Kind: SnapshotKind.Revert, Target: { } inverted } && !_inverted.Contains(snapshot.Number))
        {
            _inverted.Add(inverted);
        }
    }

    private static bool IsStep(Snapshot snapshot) => snapshot is { Kind: SnapshotKind.Undo or SnapshotKind.Redo, Target: not null };
}
