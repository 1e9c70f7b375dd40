using Savepoint.Model;

namespace Savepoint.Branches;

/// <summary>
/// The state that two heads both come from: the newest snapshot that both lead back to, by parents and by the second parents of
/// merges, their targets (docs/design/branches.md). A merge that was undone, rolled back or reverted leads nowhere, so that it can be
/// made again. Pure.
/// </summary>
/// <param name="find">A snapshot by its number; its changes are not needed.</param>
/// <param name="isWhole">Whether a rollback brought back all of its target that it could, and not only some paths of it.</param>
internal sealed class MergeBase(Func<SnapshotNumber, Snapshot> find, Func<Snapshot, bool> isWhole)
{
    private const int Both = 3;

    // Every way leads to smaller numbers, so that once the greatest is looked at nothing more can lead to it.
    private readonly PriorityQueue<(SnapshotNumber Number, SnapshotNumber Head), long> _open = new();
    private readonly Dictionary<SnapshotNumber, int> _sides = [];
    private readonly Dictionary<(string Branch, int Side), SnapshotNumber> _heads = [];
    private readonly Dictionary<SnapshotNumber, HashSet<SnapshotNumber>> _standing = [];

    /// <summary>The merge base; null if the two have nothing in common.</summary>
    public SnapshotNumber? Find(SnapshotNumber ours, SnapshotNumber theirs)
    {
        Reach(ours, ours, 1);
        Reach(theirs, theirs, 2);
        while (_open.TryDequeue(out var next, out _))
        {
            var sides = _sides[next.Number];
            if (sides == Both)
            {
                return next.Number;
            }

            var snapshot = find(next.Number);
            var head = HeadOf(snapshot.Branch, sides, next.Head);
            if (snapshot.Parent is { } parent)
            {
                Reach(parent, head, sides);
            }

            if (snapshot is { Kind: SnapshotKind.Merge, Target: { } merged } && Standing(head, next.Number).Contains(next.Number))
            {
                Reach(merged, merged, sides);
            }
        }

        return null;
    }

    /// <summary>
    /// The head by which a side reads a branch: the one it reached the branch from first, which is the newest. Of two heads of one branch that were merged one after the other the
    /// later knows what was taken back.
    /// </summary>
    private SnapshotNumber HeadOf(string branch, int side, SnapshotNumber head) => _heads.TryAdd((branch, side), head) ? head : _heads[(branch, side)];

    private void Reach(SnapshotNumber number, SnapshotNumber head, int sides)
    {
        var known = _sides.GetValueOrDefault(number);
        if ((known | sides) != known)
        {
            _sides[number] = known | sides;
            _open.Enqueue((number, head), -number.Value);
        }
    }

    /// <summary>The merges that a head's state rests on, down to one of them.</summary>
    private HashSet<SnapshotNumber> Standing(SnapshotNumber head, SnapshotNumber downTo)
    {
        if (_standing.TryGetValue(head, out var known) && known.Contains(downTo))
        {
            return known;
        }

        var (standing, reverted) = (new HashSet<SnapshotNumber>(), new HashSet<SnapshotNumber>());
        for (SnapshotNumber? next = head; next is { } number && number >= downTo;)
        {
            var snapshot = find(number);
            if (snapshot is { Kind: SnapshotKind.Undo or SnapshotKind.Redo, Target: { } position })
            {
                next = position;
                continue;
            }

            if (snapshot is { Kind: SnapshotKind.Rollback, Target: { } target } && isWhole(snapshot))
            {
                next = target;
                continue;
            }

            if (!reverted.Contains(number))
            {
                if (snapshot is { Kind: SnapshotKind.Revert, Target: { } inverted })
                {
                    reverted.Add(inverted);
                }
                else if (snapshot.Kind == SnapshotKind.Merge)
                {
                    standing.Add(number);
                }
            }

            next = snapshot.Parent;
        }

        return _standing[head] = standing;
    }
}
