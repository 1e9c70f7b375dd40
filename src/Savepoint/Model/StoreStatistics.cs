namespace Savepoint.Model;

/// <summary>What a store has recorded about itself. Nothing in it is estimated: what was never measured is null or not there.</summary>
public sealed record StoreStatistics
{
    /// <summary>How fast snapshots were recorded, by kind; only kinds of which one was timed.</summary>
    public required IReadOnlyList<SpeedStatistics> Speeds { get; init; }

    /// <summary>How often captures, restores and the like succeeded and failed.</summary>
    public required IReadOnlyList<OutcomeStatistics> Outcomes { get; init; }

    /// <summary>Contents by how they are stored; only methods that occur.</summary>
    public required IReadOnlyList<ContentStatistics> Contents { get; init; }

    /// <summary>Packs of cold contents; their bytes are in the packed contents' <see cref="ContentStatistics.StoredBytes"/>.</summary>
    public required long PackCount { get; init; }

    /// <summary>What the store takes on disk, in bytes.</summary>
    public required long StoreBytes { get; init; }

    /// <summary>What of it is the write-ahead log.</summary>
    public required long LogBytes { get; init; }

    /// <summary>Look-ups of decoded contents in memory, in processes that made many; null if none did.</summary>
    public HitStatistics? ContentCache { get; init; }

    /// <summary>Where operations were found that processes asked for by number; null if none did.</summary>
    public LayerLookups? LayerLookups { get; init; }

    /// <summary>The workers of the background pipeline that ran on this store; only those that were given something to do.</summary>
    public required IReadOnlyList<WorkerStatistics> Workers { get; init; }

    /// <summary>The most anonymous memory that a process running the pipeline was seen to hold, in bytes; null if none ran.</summary>
    public long? PeakMemoryBytes { get; init; }
}

/// <summary>How fast snapshots of a kind were recorded, from beginning to commit, among the newest 20,000 of all kinds.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">How many were timed; 1 or more.</param>
/// <param name="Median">Half took no longer.</param>
/// <param name="Percentile99">99 in 100 took no longer.</param>
public sealed record SpeedStatistics(SnapshotKind Kind, long Count, TimeSpan Median, TimeSpan Percentile99);

/// <summary>How an operation ended, in the whole life of the store.</summary>
/// <param name="Operation"><c>capture</c>, <c>restore</c>, <c>cleanup</c>, …</param>
/// <param name="Done">How often it did what it should.</param>
/// <param name="Failed">How often it ended otherwise, having not been told to stop.</param>
public sealed record OutcomeStatistics(string Operation, long Done, long Failed);

/// <summary>The contents stored by one method.</summary>
/// <param name="Method">The method's name: <c>raw</c>, <c>zstd</c>, <c>prefix</c>, <c>chunks</c>, <c>packed</c>, <c>splice</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="RawBytes">Their decoded bytes. Those of <c>chunks</c> are again those of the pieces, which have methods of their own.</param>
/// <param name="StoredBytes">What they take.</param>
public sealed record ContentStatistics(string Method, long Count, long RawBytes, long StoredBytes);

/// <summary>Look-ups in a cache.</summary>
/// <param name="Hits">What was there.</param>
/// <param name="Misses">What was not.</param>
public sealed record HitStatistics(long Hits, long Misses);

/// <summary>Operations asked for by number, by where they were found.</summary>
/// <param name="L1">In memory, among the branch's last.</param>
/// <param name="L2">In memory, among its session's.</param>
/// <param name="Below">In neither: they were read from the disk or an archive, or are not there.</param>
public sealed record LayerLookups(long L1, long L2, long Below);

/// <summary>A worker of the background pipeline.</summary>
/// <param name="Worker">Its name: <c>compression</c>, <c>storage</c>, <c>analysis</c>.</param>
/// <param name="Done">Items it finished.</param>
/// <param name="Queued">Items that it was given.</param>
/// <param name="Waited">Items among them that it was given while it was at work on another one.</param>
/// <param name="Failed">Items that it began and could not finish.</param>
public sealed record WorkerStatistics(string Worker, long Done, long Queued, long Waited, long Failed);
