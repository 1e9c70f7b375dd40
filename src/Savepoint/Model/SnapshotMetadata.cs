namespace Savepoint.Model;

/// <summary>What a snapshot is to people.</summary>
public enum SnapshotType
{
    /// <summary>A step of the history.</summary>
    Operation,

    /// <summary>A step that somebody named.</summary>
    Checkpoint,

    /// <summary>A step that somebody named to be archived.</summary>
    Milestone,
}

/// <summary>What is known about a snapshot besides what it did, as of now: compaction, packing and labels change it.</summary>
/// <param name="Number">Which snapshot.</param>
/// <param name="Time">When it was recorded.</param>
/// <param name="Layer">Where it is found first, in a process that stays.</param>
/// <param name="Type">Whether it is named, and how.</param>
/// <param name="Parent">The one before it; null for the baseline.</param>
/// <param name="Branch">The branch it was made on.</param>
/// <param name="Compression">How the contents that it brought are stored.</param>
/// <param name="Metrics">What it took.</param>
public sealed record SnapshotMetadata(
    SnapshotNumber Number, DateTimeOffset Time, SnapshotLayer Layer, SnapshotType Type, SnapshotNumber? Parent, string Branch,
    CompressionMetadata Compression, PerformanceMetrics Metrics);

/// <summary>What a snapshot took.</summary>
/// <param name="CaptureTime">How long recording it took; null where nobody measured it.</param>
/// <param name="SizeBytes">The contents it brought, as they stand in the tree.</param>
/// <param name="StoredBytes">The same as they are stored.</param>
public sealed record PerformanceMetrics(TimeSpan? CaptureTime, long SizeBytes, long StoredBytes);
