using Savepoint.Model;

namespace Savepoint.Events;

/// <summary><c>experiment:branch-merged</c>: a branch's changes were brought into another.</summary>
/// <param name="Branch">The branch they came from.</param>
/// <param name="Into">The branch they are on now.</param>
/// <param name="Snapshot">The snapshot of the merge.</param>
public sealed record BranchMergedEvent(string Branch, string Into, SnapshotNumber Snapshot) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.BranchMerged;
}
