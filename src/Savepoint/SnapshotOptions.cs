using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint;

/// <summary>How promptly a record must reach the disk.</summary>
public enum Durability
{
    /// <summary>The death of any process loses nothing; a power loss may lose the last records, whole ones.</summary>
    Process,

    /// <summary>Each capture, journal and restored file is synced to the disk before it counts.</summary>
    Disk,
}

/// <summary>How a workspace is tracked. Immutable; the library reads no environment and no home directory.</summary>
public sealed record SnapshotOptions
{
    /// <summary>The folder that holds the stores, one folder a workspace. Made, private, if absent. Required.</summary>
    public required string StoreHome { get; init; }

    /// <summary>The user's home directory, where git's configuration names its excludes file. Default: null, none is read.</summary>
    public string? HomeDirectory { get; init; }

    /// <summary>The folder of the user's configuration files (<c>XDG_CONFIG_HOME</c>). Default: null, <c>.config</c> in the home directory.</summary>
    public string? ConfigHome { get; init; }

    /// <summary>Git's configuration files outside the repository, the weakest first. Default: null, the usual ones if <see cref="HomeDirectory"/> is given.</summary>
    public IReadOnlyList<string>? GitConfigFiles { get; init; }

    /// <summary>Files above this are named in the coverage, not recorded. 0 or more; default: no limit.</summary>
    public long MaxFileBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// What the store may take on disk; beyond it, single steps of old history are freed, then the oldest history (docs/design/bounds.md).
    /// 1 or more, <see cref="long.MaxValue"/> for no limit; default: null, the smaller of 10 GB and a tenth of the disk.
    /// </summary>
    public long? MaxStoreBytes { get; init; }

    /// <summary>How long a whole-tree capture may look; what it did not reach stands in the coverage. Default: 5 s.</summary>
    public TimeSpan ScanDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How promptly records reach the disk. Default: <see cref="Durability.Process"/>.</summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>
    /// Whether the process has the meter and the activity source <c>Savepoint</c>, for whoever listens. Once made they stay
    /// until it ends. Default: true; a process that lives for milliseconds saves the making of them.
    /// </summary>
    public bool HasTelemetry { get; init; } = true;

    /// <summary>What the hot copies of the history may take in memory. Default: the seed's 80, 120 and 150 MB.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Default;

    /// <summary>
    /// What the policies do by themselves: checkpoints when something is recorded, rollbacks after checks. Default: null, nothing.
    /// <c>new PolicyOptions()</c> turns all of them on, to act as the seed has it.
    /// </summary>
    public PolicyOptions? Policies { get; init; }

    /// <summary>What L1 and L2, the operations decoded in memory, may take in all. 0 or more; default: 48 MB (seed: less than 50 MB).</summary>
    public long LayerBytes { get; init; } = 48_000_000;

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <exception cref="SavepointException">A value is outside its range.</exception>
    internal void Validate()
    {
        if (string.IsNullOrEmpty(StoreHome) || !Path.IsPathFullyQualified(StoreHome))
        {
            throw Invalid("StoreHome must be an absolute path.");
        }

        if (MaxFileBytes < 0)
        {
            throw Invalid("MaxFileBytes must not be negative.");
        }

        if (MaxStoreBytes < 1)
        {
            throw Invalid("MaxStoreBytes must be positive.");
        }

        if (ScanDeadline <= TimeSpan.Zero && ScanDeadline != Timeout.InfiniteTimeSpan)
        {
            throw Invalid("ScanDeadline must be positive, or infinite.");
        }

        if (LayerBytes < 0)
        {
            throw Invalid("LayerBytes must not be negative.");
        }

        Memory.Validate();
        Policies?.Validate();
    }

    private static SavepointException Invalid(string message) =>
        new(ErrorCode.InvalidSettings, message, "'savepoint config' shows each setting and where it comes from.");
}
