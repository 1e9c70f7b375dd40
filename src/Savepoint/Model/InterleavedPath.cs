namespace Savepoint.Model;

/// <summary>A path that others changed between two changes of a session: its part of the combined diff is in pieces.</summary>
/// <param name="Path">The path.</param>
/// <param name="Others">The snapshots of others that changed it in between, the oldest first.</param>
public sealed record InterleavedPath(WorkspacePath Path, IReadOnlyList<SnapshotNumber> Others);
