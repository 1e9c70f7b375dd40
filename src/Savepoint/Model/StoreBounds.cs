namespace Savepoint.Model;

/// <summary>How a store stands to its quota, and what had to go for it so far.</summary>
/// <param name="MaxBytes">The quota in bytes; null for none.</param>
/// <param name="StoreBytes">What the store takes on disk now.</param>
/// <param name="ExpiredCount">How many states expired in the whole life of the store: their numbers lead to the end of a range. 0 or more.</param>
/// <param name="ExpiredUpTo">The greatest number that expired; null if none did.</param>
/// <param name="LastExpiry">When states expired last; null if none ever did.</param>
public sealed record StoreBounds(long? MaxBytes, long StoreBytes, long ExpiredCount, SnapshotNumber? ExpiredUpTo, DateTimeOffset? LastExpiry)
{
    /// <summary>Whether it takes more than its quota.</summary>
    public bool IsOver => StoreBytes > MaxBytes;
}

/// <summary>What was done to bring a store within its quota.</summary>
/// <param name="MergedCount">Snapshots that became part of another by compaction.</param>
/// <param name="ExpiredCount">Snapshots that expired.</param>
/// <param name="BytesBefore">What the store took on disk before.</param>
/// <param name="BytesAfter">What it takes now.</param>
/// <param name="MaxBytes">The quota in bytes; null for none.</param>
public sealed record BoundsResult(long MergedCount, long ExpiredCount, long BytesBefore, long BytesAfter, long? MaxBytes)
{
    /// <summary>Whether the store still takes more than its quota: what is left is held by labels, branches and the last 50 operations.</summary>
    public bool IsOver => BytesAfter > MaxBytes;
}
