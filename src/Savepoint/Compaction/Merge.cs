using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>Neighbouring snapshots of a branch that become one.</summary>
/// <param name="First">The oldest.</param>
/// <param name="Last">The newest: what they become, with its state.</param>
/// <param name="OperationCount">The operations that they stand for together.</param>
/// <param name="Rule">Why.</param>
/// <param name="Changes">What they changed together: each path's state before the first and after the last, in path order. Empty if that is nothing.</param>
public sealed record Merge(SnapshotNumber First, SnapshotNumber Last, int OperationCount, MergeRule Rule, IReadOnlyList<FileChange> Changes);
