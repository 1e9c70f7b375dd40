namespace Savepoint.Events;

/// <summary><c>snapshot:compression</c>: snapshots were merged.</summary>
/// <param name="Level">The level that it ran at, as <c>normal</c>.</param>
/// <param name="MergedSnapshots">How many snapshots are now part of another; 0 or more.</param>
/// <param name="BytesBefore">What the store took on disk before it.</param>
/// <param name="BytesAfter">What it takes now.</param>
public sealed record CompressionEvent(string Level, long MergedSnapshots, long BytesBefore, long BytesAfter) : SnapshotEvent
{
    /// <inheritdoc/>
    public override string Name => EventName.Compression;
}
