using Savepoint.Compaction;
using Savepoint.Maintenance;
using Savepoint.Storage;

namespace Savepoint;

/// <content>The background of a process that stays.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Starts the background pipeline: the write-ahead log is folded back, snapshots are merged and contents packed once enough is new and
    /// nobody has recorded anything for half a minute. Dispose of it before this: what is under way then has two seconds to end.
    /// </summary>
    /// <remarks>
    /// For a process that stays. One that ends at once leaves the work to the next that stays, or to
    /// <see cref="CleanUpAsync"/>; what is to be done is seen from the store, so nothing piles up and nothing is lost if a
    /// process dies in the middle of it. Several at once do no harm.
    /// </remarks>
    public IAsyncDisposable StartMaintenance() => Maintain();

    internal MaintenancePipeline Maintain()
    {
        _isMaintained = true;
        return new(Ports(), _counts, _options.Time);
    }

    private MaintenancePorts Ports() => new()
    {
        Look = Marks,
        FoldLog = _store.FoldLogAsync,
        CleanUp = CleanUpAsync,
        Compact = cancellationToken => CompactAsync(CompactionLevel.Normal, cancellationToken),
        Measure = _options.Policies is null ? null : MeasureQualityAsync,
        KeepWithinBounds = KeepWithinBoundsAsync,
        Note = NoteMemory,
    };

    private StoreMarks Marks() =>
        new(_store.NewestNumber(), _store.Counter(CleanedUpTo), _store.Counter(CompactedUpTo), _store.LogBytes, _options.Policies is null ? null : _store.Counter(MeasuredUpTo), BoundsNow());

    private void NoteMemory()
    {
        if (ProcessMemory.AnonymousBytes() is { } bytes)
        {
            _store.RaiseCounter(StatisticsReader.PeakMemory, bytes);
        }

        FlushCounts();
    }
}
