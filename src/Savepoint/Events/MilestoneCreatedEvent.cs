using Savepoint.Model;

namespace Savepoint.Events;

/// <summary><c>snapshot:milestone</c>: a state was named a milestone.</summary>
/// <param name="Label">The milestone's name.</param>
/// <param name="Snapshot">What it names.</param>
/// <param name="ArchivedBytes">What its archive takes on disk; null if it is not archived.</param>
public sealed record MilestoneCreatedEvent(string Label, SnapshotNumber Snapshot, long? ArchivedBytes) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.Milestone;
}
