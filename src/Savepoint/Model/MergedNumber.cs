namespace Savepoint.Model;

/// <summary>Where the snapshot of a number went when compaction merged it.</summary>
/// <param name="First">The oldest of those it was merged with.</param>
/// <param name="Last">The newest: what they are shown as.</param>
/// <param name="IsFreed">Whether its own state is gone, so that the number stands for the state after <paramref name="Last"/>.</param>
public sealed record MergedNumber(SnapshotNumber First, SnapshotNumber Last, bool IsFreed);
