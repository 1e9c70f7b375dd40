using Savepoint.Model;

namespace Savepoint.Events;

/// <summary><c>snapshot:created</c>: something was recorded.</summary>
/// <param name="Snapshot">The snapshot, without its changes: those of a baseline are as many as the tree has entries.</param>
/// <param name="PathCount">How many paths it changed; 0 or more.</param>
public sealed record SnapshotCreatedEvent(Snapshot Snapshot, long PathCount) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.Created;
}
