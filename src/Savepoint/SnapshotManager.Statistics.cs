using Savepoint.Diagnostics;
using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <content>What is timed and counted, and what the store remembers of it.</content>
public sealed partial class SnapshotManager
{
    private readonly PendingCounts _counts = new();

    /// <summary>
    /// What this store has recorded about itself. Sums are kept and carried on, so this writes a little to the store; where
    /// that is not possible, they are added up without being kept.
    /// </summary>
    public StoreStatistics Statistics()
    {
        FlushCounts();
        return _store.Statistics() with { StoreBytes = StoreSizeBytes() };
    }

    private RunningOperation Begin(Operation operation, long started, CancellationToken cancellationToken) =>
        RunningOperation.Start(operation, _counts, new Stopclock(_options.Time, started), cancellationToken);

    /// <summary>Adds what was counted to the store's sums. What cannot be added now waits for the next time.</summary>
    private void FlushCounts()
    {
        _store.TakeCacheCounts(_counts);
        var (l1, l2, below) = _layers.TakeHits();
        _counts.Add(StatisticsReader.L1Hits, l1);
        _counts.Add(StatisticsReader.L2Hits, l2);
        _counts.Add(StatisticsReader.BelowLayers, below);
        var taken = _counts.Take();
        if (taken.Count == 0)
        {
            return;
        }

        try
        {
            _store.AddCounts(taken);
        }
        catch (SavepointException)
        {
            // A full disk, say. The counts are statistics, and whatever fails next will be told.
            taken.ForEach(count => _counts.Add(count.Key, count.Value));
        }
    }
}
