namespace Savepoint;

/// <summary>One workspace's store, seen from outside.</summary>
/// <param name="Root">The workspace's root when it was last opened.</param>
/// <param name="StoreDirectory">The folder that holds its history.</param>
/// <param name="SizeBytes">What that takes on disk, in bytes.</param>
/// <param name="IsTracked">False if the workspace was untracked and its history kept.</param>
/// <param name="IsOrphan">Whether the workspace is gone: nothing stands at its root, or another directory than the one that was tracked.</param>
public sealed record StoreSummary(string Root, string StoreDirectory, long SizeBytes, bool IsTracked, bool IsOrphan);
