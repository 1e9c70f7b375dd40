using Savepoint.Compaction;
using Savepoint.Diagnostics;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;
using Savepoint.Storage.Layers;

namespace Savepoint;

/// <content>Compaction: what was decided by <see cref="DiffCompressionEngine"/>, carried out.</content>
public sealed partial class SnapshotManager
{
    /// <summary>How many snapshots are looked at at once: bounds the memory, and how long others wait for the store.</summary>
    private const int CompactionWindow = 500;

    /// <summary>As many as a rule looks at together.</summary>
    private const int CompactionTail = 32;

    /// <summary>What is read of them at once stays decoded until they are decided on.</summary>
    private const long MaxCompactionBytes = ContentStore.MaxRecentBytes * 3 / 4;

    /// <summary>
    /// Merges snapshots whose steps nobody needs, on every branch, but for the last fifty. It goes on where it was before, so
    /// that the cost is that of what is new.
    /// </summary>
    /// <param name="level">How far to go. Above <see cref="CompactionLevel.Normal"/> the states between the ends of a merge are freed.</param>
    /// <param name="cancellationToken">Stops it between two steps; what was done stays done.</param>
    public async Task<CompactionResult> CompactAsync(CompactionLevel level = CompactionLevel.Normal, CancellationToken cancellationToken = default)
    {
        var started = _options.Time.GetTimestamp();
        using var running = Begin(Operation.Compaction, started, cancellationToken);
        var (before, bytesBefore, newest) = (_store.SnapshotCount(), StoreSizeBytes(), _store.NewestNumber());
        var done = new CompactionTally();
        foreach (var branch in _store.LinesOfHistory())
        {
            var upTo = _store.Head(branch) is { } head ? _store.History.Ancestor(head, OperationBuffer.Capacity)?.Value ?? 0 : 0;
            if (level == CompactionLevel.Emergency && upTo > 1)
            {
                await PromoteAsync(new SnapshotNumber(upTo), cancellationToken).ConfigureAwait(false);
            }

            for (long? position = _store.Merges.Position(branch, level); position is { } after && after < upTo;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                position = await CompactAsync(branch, level, after, upTo, done, cancellationToken).ConfigureAwait(false);
            }
        }

        if (level > CompactionLevel.Normal)
        {
            // What was read pushed out what somebody works with; nobody will ask for it again.
            _store.Contents.LetGo();
        }

        _store.RaiseCounter(CompactedUpTo, newest);
        if (done.MergeCount > 0)
        {
            // A merge of n snapshots leaves one of them.
            Publish(new CompressionEvent(level.ToString().ToLowerInvariant(), done.OperationCount - done.MergeCount, bytesBefore, StoreSizeBytes()));
        }

        running.Done(null, done.MergeCount);
        return new CompactionResult(done.Merges, done.OperationCount, before, _store.SnapshotCount(), _options.Time.GetElapsedTime(started));
    }

    /// <summary>Compacts the next window; where the one after it begins, null at the end.</summary>
    private async Task<long?> CompactAsync(string branch, CompactionLevel level, long after, long upTo, CompactionTally done, CancellationToken cancellationToken)
    {
        var (window, isEnd) = _store.History.OldestFirst(branch, after, upTo, level > CompactionLevel.Normal ? 4 * CompactionWindow : CompactionWindow);
        if (window.Count == 0)
        {
            return null;
        }

        if (level > CompactionLevel.Normal)
        {
            (window, isEnd) = ReadAhead(window, isEnd);
        }

        var merges = DiffCompressionEngine.Plan(window, _store.KeptIn(after, window[^1].Number.Value), level, _store.Contents)
            .Select(merge => merge with { Changes = ChangeList.Build(merge.Changes) }).ToList();
        var next = BeforeTail(window, merges, after);
        if (merges.Count > 0 || next > after)
        {
            // A restore under way may have planned from what is about to be freed.
            using var alone = level == CompactionLevel.Normal || merges.Count == 0 ? null : await HoldStoreAsync(cancellationToken).ConfigureAwait(false);
            _store.Apply(merges, branch, level, next).ForEach(done.Add);
        }

        // Edits without a pause may fill a window: then it is cut.
        return isEnd ? null : next > after ? next : window[^1].Number.Value;
    }

    /// <summary>Decodes what the rules look at, of as many of the snapshots as there is room for.</summary>
    private (List<Snapshot> Window, bool IsEnd) ReadAhead(List<Snapshot> window, bool isEnd)
    {
        var contents = new Dictionary<ContentId, long>();
        long bytes = 0;
        var count = 0;
        for (; count < window.Count && (count < 2 * CompactionTail || bytes < MaxCompactionBytes); count++)
        {
            foreach (var file in window[count].Changes.SelectMany(change => new[] { change.Before, change.After }).OfType<FileState.Regular>())
            {
                bytes += file.SizeBytes <= DiffCompressionEngine.MaxReadBytes && contents.TryAdd(file.Content, file.SizeBytes) ? file.SizeBytes : 0;
            }
        }

        if (bytes <= ContentStore.MaxRecentBytes)
        {
            _store.Contents.ReadAhead(contents.Keys);
        }

        return (window[..count], isEnd && count == window.Count);
    }

    /// <summary>The snapshot from behind which to decide again: what is at a window's end may merge with what comes after it.</summary>
    private static long BeforeTail(List<Snapshot> window, List<Merge> merges, long after)
    {
        var tail = window[Math.Max(0, window.Count - CompactionTail)].Number;
        var first = merges.Find(merge => merge.First < tail && tail <= merge.Last)?.First ?? tail;
        return window.FindLast(snapshot => snapshot.Number < first)?.Number.Value ?? after;
    }

    /// <summary>Archives all that is about to be freed, so that an emergency loses no state.</summary>
    private async Task PromoteAsync(SnapshotNumber upTo, CancellationToken cancellationToken)
    {
        if (_store.Milestones.FindHolding(upTo) is not { } holding)
        {
            await MilestoneAsync(FreeName($"compacted-{upTo}"), upTo, cancellationToken).ConfigureAwait(false);
        }
        else if (!_store.Milestones.IsWhole(holding))
        {
            throw new SavepointException(
                ErrorCode.Damaged,
                $"The archive {holding.File.FilePath} holds what would be freed, but stands on another that is missing or damaged.",
                "Nothing was freed. 'savepoint verify' names what is missing, 'savepoint repair' makes archives again; the level aggressive frees without archiving.");
        }
    }

    private string FreeName(string name)
    {
        var free = name;
        for (var i = 2; _store.FindLabel(free) is not null || _store.Branches().Contains(free); i++)
        {
            free = $"{name}-{i}";
        }

        return free;
    }
}
