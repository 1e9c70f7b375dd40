using Savepoint.Diagnostics;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Adds up what a store recorded about itself. Sums over all snapshots and contents are kept and carried on from where the
/// last reader stopped; percentiles are of the newest snapshots. So its cost is bounded by what is new, not by the history.
/// </summary>
internal sealed class StatisticsReader(StoreDatabase database)
{
    /// <summary>The percentiles are of so many of the newest snapshots: some ten milliseconds to read.</summary>
    public const long Window = 20_000;

    /// <summary>The names of counters that are read here and written by whoever counts.</summary>
    public const string CacheHits = "cache.contents.hits";

    /// <inheritdoc cref="CacheHits"/>
    public const string CacheMisses = "cache.contents.misses";

    /// <inheritdoc cref="CacheHits"/>
    public const string L1Hits = "layers.l1.hits";

    /// <inheritdoc cref="CacheHits"/>
    public const string L2Hits = "layers.l2.hits";

    /// <inheritdoc cref="CacheHits"/>
    public const string BelowLayers = "layers.below";

    /// <inheritdoc cref="CacheHits"/>
    public const string PeakMemory = "memory.peak";

    private const string SnapshotsUpTo = "snapshots.upto";

    private readonly CounterTable _counters = new(database);

    public StoreStatistics Read()
    {
        try
        {
            return database.Write(() =>
            {
                CarryOn();
                return Sum();
            });
        }
        catch (SavepointException e) when (e.Code is ErrorCode.DiskFull or ErrorCode.PermissionDenied)
        {
            return database.ReadConsistently(Sum); // as of the last reader who could write
        }
    }

    private StoreStatistics Sum()
    {
        var counters = _counters.All();
        var packs = Packs();
        return new StoreStatistics
        {
            Speeds = Speeds(),
            Outcomes = Outcomes(counters),
            Contents = Contents(packs.Bytes),
            PackCount = packs.Count,
            StoreBytes = 0,
            LogBytes = 0,
            ContentCache = counters.ContainsKey(CacheHits) || counters.ContainsKey(CacheMisses) ? new HitStatistics(counters.GetValueOrDefault(CacheHits), counters.GetValueOrDefault(CacheMisses)) : null,
            LayerLookups = counters.ContainsKey(L1Hits) || counters.ContainsKey(L2Hits) || counters.ContainsKey(BelowLayers)
                ? new LayerLookups(counters.GetValueOrDefault(L1Hits), counters.GetValueOrDefault(L2Hits), counters.GetValueOrDefault(BelowLayers))
                : null,
            Workers = Workers(counters),
            PeakMemoryBytes = counters.TryGetValue(PeakMemory, out var peak) ? peak : null,
        };
    }

    /// <summary>Brings the kept sums up to date. Inside a write.</summary>
    public void CarryOn()
    {
        var newest = database.Prepare("SELECT max(number) FROM snapshots").Scalar() ?? 0;
        foreach (var (kind, count) in Counts("SELECT kind, count(*) FROM snapshots WHERE number > $1 AND number <= $2 GROUP BY kind", _counters.All().GetValueOrDefault(SnapshotsUpTo), newest))
        {
            _counters.Add(KindCount((SnapshotKind)kind), count);
        }

        _counters.Set(SnapshotsUpTo, newest);
        database.Prepare("""
            INSERT INTO content_totals (method, upto, count, size, stored)
            SELECT method, 0, count(*), sum(size), sum(length(data)) FROM contents WHERE id > (SELECT coalesce(max(upto), 0) FROM content_totals) GROUP BY method
            ON CONFLICT DO UPDATE SET count = count + excluded.count, size = size + excluded.size, stored = stored + excluded.stored
            """).Execute();
        database.Prepare("UPDATE content_totals SET upto = coalesce((SELECT max(id) FROM contents), 0)").Execute();
    }

    private static List<OutcomeStatistics> Outcomes(Dictionary<string, long> counters)
    {
        long Of(params SnapshotKind[] kinds) => kinds.Sum(kind => counters.GetValueOrDefault(KindCount(kind)));
        OutcomeStatistics Outcome(Operation operation, long done) =>
            new(OperationName.Of(operation), done + counters.GetValueOrDefault(RunningOperation.DoneCount(operation)), counters.GetValueOrDefault(RunningOperation.FailureCount(operation)));
        List<OutcomeStatistics> outcomes =
        [
            Outcome(Operation.Capture, Of(SnapshotKind.Baseline, SnapshotKind.Operation, SnapshotKind.Drift, SnapshotKind.Merge)),
            Outcome(Operation.Restore, Of(SnapshotKind.Undo, SnapshotKind.Redo, SnapshotKind.Rollback, SnapshotKind.Revert)),
            Outcome(Operation.CleanUp, 0),
            Outcome(Operation.Compaction, 0),
        ];
        return outcomes.FindAll(outcome => outcome.Done + outcome.Failed > 0);
    }

    private static List<WorkerStatistics> Workers(Dictionary<string, long> counters) =>
    [
        .. counters.Keys.Where(name => name.StartsWith(WorkerCount.Prefix, StringComparison.Ordinal)).Select(name => name.Split('.')[1]).Distinct().Order(StringComparer.Ordinal)
            .Select(worker =>
            {
                long Of(string what) => counters.GetValueOrDefault(WorkerCount.Of(worker, what));
                return new WorkerStatistics(worker, Of(WorkerCount.Done), Of(WorkerCount.Queued), Of(WorkerCount.Waited), Of(WorkerCount.Failed));
            }),
    ];

    private static string KindCount(SnapshotKind kind) => $"snapshots.{(int)kind}";

    private List<SpeedStatistics> Speeds()
    {
        var elapsed = new SortedDictionary<SnapshotKind, List<long>>();
        using (var row = database.Prepare("SELECT kind, elapsed FROM snapshots WHERE number > (SELECT max(number) FROM snapshots) - $1 AND elapsed IS NOT NULL").Query(Window))
        {
            while (row.Read())
            {
                var kind = (SnapshotKind)row.GetInt32(0);
                elapsed.TryAdd(kind, []);
                elapsed[kind].Add(row.GetInt64(1));
            }
        }

        return [.. elapsed.Select(pair => Speed(pair.Key, pair.Value))];
    }

    private List<ContentStatistics> Contents(long packedBytes)
    {
        var contents = new List<ContentStatistics>();
        using var row = database.Prepare("SELECT method, count, size, stored FROM content_totals WHERE count > 0 ORDER BY method").Query();
        while (row.Read())
        {
            var method = (ContentMethod)row.GetInt32(0);
            contents.Add(new ContentStatistics(NameOf(method), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3) + (method == ContentMethod.Packed ? packedBytes : 0)));
        }

        return contents;
    }

    /// <summary>How many packs there are, and what they take.</summary>
    private (long Count, long Bytes) Packs()
    {
        using var row = database.Prepare("SELECT count(*), coalesce(sum(length(data)), 0) FROM packs").Query();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private List<(long Key, long Count)> Counts(string sql, long from, long to)
    {
        var counts = new List<(long, long)>();
        using var row = database.Prepare(sql).Query(from, to);
        while (row.Read())
        {
            counts.Add((row.GetInt64(0), row.GetInt64(1)));
        }

        return counts;
    }

    private static SpeedStatistics Speed(SnapshotKind kind, List<long> microseconds)
    {
        microseconds.Sort();
        return new SpeedStatistics(kind, microseconds.Count, Rank(microseconds, 50), Rank(microseconds, 99));
    }

    /// <summary>The smallest value that so many in 100 do not exceed.</summary>
    private static TimeSpan Rank(List<long> sorted, int percent) => TimeSpan.FromMicroseconds(sorted[(int)(((long)sorted.Count * percent + 99) / 100) - 1]);

    private static string NameOf(ContentMethod method) => method switch
    {
        ContentMethod.Raw => "raw",
        ContentMethod.Zstd => "zstd",
        ContentMethod.ZstdWithPrefix => "prefix",
        ContentMethod.Chunks => "chunks",
        ContentMethod.Packed => "packed",
        ContentMethod.Splice => "splice",
        _ => $"method-{(int)method}", // of a newer version
    };
}
