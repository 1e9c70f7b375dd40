using Savepoint.Model;

namespace Savepoint.Events;

/// <summary><c>experiment:branch-created</c>: a branch began.</summary>
/// <param name="Branch">Its name.</param>
/// <param name="From">The snapshot that it began at.</param>
public sealed record BranchCreatedEvent(string Branch, SnapshotNumber From) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.BranchCreated;
}
