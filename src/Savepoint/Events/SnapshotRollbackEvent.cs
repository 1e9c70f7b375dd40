using Savepoint.Model;

namespace Savepoint.Events;

/// <summary><c>snapshot:rollback</c>: an undo, redo, rollback or revert was recorded. It has no <see cref="SnapshotCreatedEvent"/> beside it.</summary>
/// <param name="Snapshot">The snapshot of it, without its changes; <see cref="Snapshot.Target"/> is the state that it brought back.</param>
/// <param name="PathCount">How many paths it changed; 0 or more.</param>
public sealed record SnapshotRollbackEvent(Snapshot Snapshot, long PathCount) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.Rollback;
}
