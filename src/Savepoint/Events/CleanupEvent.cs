namespace Savepoint.Events;

/// <summary><c>snapshot:cleanup</c>: room was made.</summary>
/// <param name="Cause">What for: <c>store</c> for clean-up of the disk, <c>memory</c> for a step of the memory limits, <c>quota</c> for what expired, <c>forget</c> for what was erased for good.</param>
/// <param name="Items">How many contents were freed or moved into packs, or snapshots expired; null for a step of memory, which counts bytes alone.</param>
/// <param name="BytesBefore">What the store took on disk, or the process in memory, before it.</param>
/// <param name="BytesAfter">What it takes now.</param>
public sealed record CleanupEvent(string Cause, long? Items, long BytesBefore, long BytesAfter) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.Cleanup;
}
