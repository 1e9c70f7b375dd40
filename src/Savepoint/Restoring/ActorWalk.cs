using Savepoint.Model;

namespace Savepoint.Restoring;

/// <summary>
/// Which operations the head's state rests on: those that no undo left behind and no revert took back, read off the history,
/// the newest first (docs/design/merge.md). Pure.
/// </summary>
/// <param name="find">A snapshot by its number; its changes are not needed.</param>
/// <param name="firstOf">The oldest of those that are shown as one with a number; itself, if none are.</param>
/// <param name="isWhole">Whether a rollback left nothing of what came after its target.</param>
internal sealed class ActorWalk(Func<SnapshotNumber, Snapshot> find, Func<SnapshotNumber, SnapshotNumber> firstOf, Func<Snapshot, bool> isWhole)
{
    /// <summary>The operations of <paramref name="whose"/> down to <paramref name="oldest"/>, lazily.</summary>
    public IEnumerable<Snapshot> Standing(SnapshotNumber head, Actor whose, SnapshotNumber oldest)
    {
        var inverted = new HashSet<SnapshotNumber>();
        for (SnapshotNumber? next = head; next >= oldest;)
        {
            var snapshot = find(next.Value);
            if (snapshot is { Kind: SnapshotKind.Undo or SnapshotKind.Redo, Target: { } position })
            {
                next = position;
                continue;
            }

            var stands = !inverted.Contains(snapshot.Number);
            if (stands)
            {
                if (snapshot is { Kind: SnapshotKind.Revert, Target: { } target })
                {
                    inverted.Add(target);
                }

                if (IsOperation(snapshot) && IsOf(snapshot.Actor, whose))
                {
                    yield return snapshot;
                }
            }

            // What a rollback took back stands again only once it is undone itself, as one of the actor's own is first.
            next = stands && snapshot is { Kind: SnapshotKind.Rollback, Target: { } state } && !IsOf(snapshot.Actor, whose) && isWhole(snapshot) ? state : find(firstOf(snapshot.Number)).Parent;
        }
    }

    // An undo of an actor's operation is recorded as a revert; were it an operation of whoever asked for it, asking again would take it back.
    private static bool IsOperation(Snapshot snapshot) =>
        snapshot is { Kind: SnapshotKind.Operation or SnapshotKind.Rollback or SnapshotKind.Merge } or { Kind: SnapshotKind.Revert, RedoCount: 0 };

    private static bool IsOf(Actor actor, Actor whose) =>
        (whose.Agent is null || whose.Agent == actor.Agent) && (whose.Session is null || whose.Session == actor.Session) && (whose.Turn is null || whose.Turn == actor.Turn);
}
