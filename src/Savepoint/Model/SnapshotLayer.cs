namespace Savepoint.Model;

/// <summary>Where a snapshot is found first. Every snapshot is on disk as well, from before its capture returned.</summary>
public enum SnapshotLayer
{
    /// <summary>The operation buffer: the last 50 operations of the branch, decoded in memory.</summary>
    L1,

    /// <summary>The session cache: more operations, decoded in memory, the least recently used leave first.</summary>
    L2,

    /// <summary>The store on disk, and nothing else: one read away.</summary>
    Disk,

    /// <summary>The archives of milestones.</summary>
    L3,
}

/// <summary>What a layer holds.</summary>
/// <param name="Layer">Which.</param>
/// <param name="Count">How many operations (of L3: how many milestones).</param>
/// <param name="SizeBytes">What they weigh.</param>
public sealed record LayerUse(SnapshotLayer Layer, long Count, long SizeBytes);
