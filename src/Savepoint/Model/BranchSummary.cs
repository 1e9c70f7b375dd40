namespace Savepoint.Model;

/// <summary>A branch as it stands. (The seed's BranchInfo.)</summary>
/// <param name="Name">Its name, which is a revision: its head.</param>
/// <param name="Head">Its newest snapshot; the one that it began at, while it has none of its own.</param>
/// <param name="Fork">The snapshot that it began at; null for the workspace's own.</param>
/// <param name="Isolation">The form of its working copy.</param>
/// <param name="Directory">Where its working copy is; null for an overlay, which is no directory for others.</param>
/// <param name="Why">Why its working copy has this form; null where it was asked for.</param>
public sealed record BranchSummary(string Name, SnapshotNumber Head, SnapshotNumber? Fork, Isolation Isolation, string? Directory, string? Why);
