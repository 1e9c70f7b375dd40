namespace Savepoint.Model;

/// <summary>Snapshots that were recorded, and that a power loss or damage took.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last.</param>
/// <param name="Found">When it was noticed.</param>
public sealed record LostRange(SnapshotNumber First, SnapshotNumber Last, DateTimeOffset Found)
{
    /// <summary>As <c>snapshots 97 to 99 were recorded and are lost</c>.</summary>
    public override string ToString() => First == Last ? $"snapshot {First} was recorded and is lost" : $"snapshots {First} to {Last} were recorded and are lost";
}
