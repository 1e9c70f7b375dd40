using Savepoint.Diagnostics;
using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <content>What happened beside the snapshots, and what is counted.</content>
internal sealed partial class SnapshotStore
{
    /// <inheritdoc cref="EventTable.Newest"/>
    public EventPosition NewestEvent() => _database.ReadConsistently(_events.Newest);

    /// <summary>Records an event that is not a snapshot's, in a transaction of its own.</summary>
    public void Publish(SnapshotEvent happened) => _database.Write(() => _events.Add(happened));

    /// <summary>Reads the events on a connection of its own, so that no reader, however slow, makes a capture wait.</summary>
    public EventReader ReadEvents() => new(StoreDatabase.Open(_database.Path, syncEachCommit: false));

    /// <summary>Adds to the sums that the store keeps, in a transaction of its own.</summary>
    public void AddCounts(IReadOnlyCollection<KeyValuePair<string, long>> counts) => _database.Write(() =>
    {
        foreach (var (name, count) in counts)
        {
            _counters.Add(name, count);
        }
    });

    /// <summary>A counter's value; 0 where it is not there.</summary>
    public long Counter(string name) => _database.Read(() => _counters.Find(name));

    /// <summary>Sets a counter, if that makes it greater.</summary>
    public void RaiseCounter(string name, long value)
    {
        if (Counter(name) < value)
        {
            _database.Write(() => _counters.Set(name, Math.Max(value, _counters.Find(name))));
        }
    }

    /// <summary>The length of the write-ahead log.</summary>
    public long LogBytes => _database.WalBytes;

    /// <inheritdoc cref="LogKeeper.FoldAsync"/>
    public Task FoldLogAsync(CancellationToken cancellationToken) => _log.FoldAsync(cancellationToken);

    /// <summary>Moves the counts of the decoded contents in memory to those that wait, if there are many.</summary>
    public void TakeCacheCounts(PendingCounts counts)
    {
        if (Contents.Recent.HasManyCounts)
        {
            var (hits, misses) = Contents.Recent.TakeCounts();
            counts.Add(StatisticsReader.CacheHits, hits);
            counts.Add(StatisticsReader.CacheMisses, misses);
        }
    }

    /// <inheritdoc cref="StatisticsReader"/>
    public StoreStatistics Statistics() => new StatisticsReader(_database).Read() with { LogBytes = _database.WalBytes };

    /// <inheritdoc cref="StatisticsReader.CarryOn"/>
    public void CarryOnTotals() => _database.Write(new StatisticsReader(_database).CarryOn);
}
