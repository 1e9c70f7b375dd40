using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Recording;

namespace Savepoint;

/// <content>What was done for whom.</content>
public sealed partial class SnapshotManager
{
    /// <summary>The agents' sessions that the history knows, the newest first.</summary>
    public IReadOnlyList<SessionSummary> Sessions() => _store.History.Sessions();

    /// <summary>The sessions that recorded last, the newest first, among the newest 5,000 snapshots: quick in a history of any length.</summary>
    /// <param name="count">How many at most; 1 or more.</param>
    public IReadOnlyList<SessionSummary> NewestSessions(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _store.History.NewestSessions(count);
    }

    /// <summary>What a session did; null if the history knows none of this id.</summary>
    /// <param name="session">The session's id.</param>
    /// <param name="options">How the combined diff is made; null for <see cref="PatchOptions.Default"/>.</param>
    /// <exception cref="SavepointException">A content of it is lost.</exception>
    public SessionSnapshot? FindSession(string session, PatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return WorkOf(new HistoryFilter { AllBranches = true, Session = session }, options);
    }

    /// <summary>What a turn did; null if the history knows none of this id.</summary>
    /// <param name="turn">The turn's id.</param>
    /// <param name="options">How the combined diff is made; null for <see cref="PatchOptions.Default"/>.</param>
    /// <exception cref="SavepointException">A content of it is lost.</exception>
    public SessionSnapshot? FindTurn(string turn, PatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return WorkOf(new HistoryFilter { AllBranches = true, Turn = turn }, options);
    }

    private SessionSnapshot? WorkOf(HistoryFilter filter, PatchOptions? options)
    {
        var snapshots = OldestFirst(filter);
        if (snapshots.Count == 0)
        {
            return null;
        }

        var own = OwnChanges.Of(snapshots);
        var changes = own.Build();
        var patch = Patch.Create(changes, _store.Contents, options);
        return new SessionSnapshot
        {
            Before = snapshots[0].Parent ?? snapshots[0].Number,
            Operations = snapshots,
            Changes = changes,
            CombinedDiff = patch,
            Interleaved = Interleaved(own),
            Statistics = Statistics(snapshots, own, patch),
        };
    }

    private List<Snapshot> OldestFirst(HistoryFilter filter)
    {
        var snapshots = new List<Snapshot>();
        for (var page = _store.History.Page(filter, null); page.Count > 0; page = _store.History.Page(filter, page[^1].Number))
        {
            snapshots.AddRange(page);
        }

        snapshots.Reverse();
        return snapshots;
    }

    private List<InterleavedPath> Interleaved(OwnChanges own) =>
        [.. own.Gaps().GroupBy(gap => gap.Path, gap => _store.History.Changing(gap.Path, gap.After, gap.Before)).Select(path => new InterleavedPath(path.Key, [.. path.SelectMany(others => others)]))];

    private SessionStatistics Statistics(List<Snapshot> snapshots, OwnChanges own, Patch patch)
    {
        var lines = DiffStat.Of(patch);
        var mine = snapshots.Select(snapshot => snapshot.Number).ToHashSet();
        var duration = snapshots[^1].Time - snapshots[0].Time;
        return new SessionStatistics(
            snapshots.Select(snapshot => snapshot.Actor.Turn).OfType<string>().Distinct().Count(),
            snapshots.Where(snapshot => !IsStep(snapshot)).Sum(snapshot => (long)snapshot.OperationCount),
            own.FileCount(),
            lines.Sum(file => (long)file.AddedLineCount),
            lines.Sum(file => (long)file.DeletedLineCount),
            _store.History.Undos(snapshots[0].Number).Count(undo => TakenBack(undo).Any(mine.Contains)),
            duration < TimeSpan.Zero ? TimeSpan.Zero : duration);
    }

    /// <summary>The operations that an undo took back, by the walk of docs/design/restore.md: from a step to its target, else to the parent.</summary>
    private IEnumerable<SnapshotNumber> TakenBack(Snapshot undo)
    {
        for (var next = undo.Parent; next > undo.Target;)
        {
            if (_store.FindHeader(next.Value) is not { } snapshot)
            {
                yield break; // compaction freed it, and with it the way
            }

            if (!IsStep(snapshot))
            {
                yield return snapshot.Number;
            }

            next = IsStep(snapshot) ? snapshot.Target : snapshot.Parent;
        }
    }

    private static bool IsStep(Snapshot snapshot) => snapshot is { Kind: SnapshotKind.Undo or SnapshotKind.Redo, Target: not null };
}
