using Savepoint.Compaction;
using Savepoint.Recording;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Compaction: what was decided by <see cref="DiffCompressionEngine"/>, carried out.</content>
public sealed partial class SnapshotManager
{
    /// <summary>How many snapshots are looked at at once: bounds the memory, and how long others wait for the store.</summary>
    private const int CompactionWindow = 500;

    /// <summary>
    /// Merges snapshots whose steps nobody needs, on every branch, but for the last fifty. It goes on where it was before, so
    /// that the cost is that of what is new.
    /// </summary>
    /// <param name="level">How far to go. Above <see cref="CompactionLevel.Normal"/> the states between the ends of a merge are freed.</param>
    /// <param name="cancellationToken">Stops it between two steps; what was done stays done.</param>
    public async Task<CompactionResult> CompactAsync(CompactionLevel level = CompactionLevel.Normal, CancellationToken cancellationToken = default)
    {
        var started = _options.Time.GetTimestamp();
        var before = _store.SnapshotCount();
        var done = new List<Merge>();
        foreach (var branch in _store.Branches())
        {
            var upTo = _store.Head(branch) is { } head ? _store.History.Ancestor(head, LooseSnapshotCount)?.Value ?? 0 : 0;
            for (var position = _store.Merges.Position(branch, level); position < upTo;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (position, var merged) = await CompactAsync(branch, level, position, upTo, cancellationToken).ConfigureAwait(false);
                done.AddRange(merged);
            }
        }

        return new CompactionResult(done.GroupBy(merge => merge.Rule).ToDictionary(group => group.Key, group => group.Count()), done.Sum(merge => merge.OperationCount), before, _store.SnapshotCount(), _options.Time.GetElapsedTime(started));
    }

    private async Task<(long Position, List<Merge> Done)> CompactAsync(string branch, CompactionLevel level, long after, long upTo, CancellationToken cancellationToken)
    {
        var window = _store.History.OldestFirst(branch, after, upTo, CompactionWindow);
        var position = window.Count < CompactionWindow ? upTo : window[^1].Number.Value;
        var merges = DiffCompressionEngine.Plan(window, _store.KeptIn(after, position), level, _store.Contents)
            .Select(merge => merge with { Changes = ChangeList.Build(merge.Changes) }).ToList();

        // A restore under way may have planned from what is about to be freed.
        using var alone = level == CompactionLevel.Normal || merges.Count == 0 ? null : await WorkspaceLock.ExclusiveAsync(StoreDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        return (position, _store.Apply(merges, branch, level, position));
    }
}
