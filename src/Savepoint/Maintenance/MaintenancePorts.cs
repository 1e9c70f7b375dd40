namespace Savepoint.Maintenance;

/// <summary>What the pipeline can see and do: handed over by <see cref="SnapshotManager"/>, which the pipeline does not know.</summary>
internal sealed record MaintenancePorts
{
    /// <summary>How things stand.</summary>
    public required Func<StoreMarks> Look { get; init; }

    /// <summary>Moves the write-ahead log into the database file.</summary>
    public required Func<CancellationToken, Task> FoldLog { get; init; }

    /// <summary>Frees and packs contents.</summary>
    public required Func<CancellationToken, Task> CleanUp { get; init; }

    /// <summary>Merges snapshots; null where that is not to be done in the background.</summary>
    public Func<CancellationToken, Task>? Compact { get; init; }

    /// <summary>Measures what snapshots changed; null where that is not to be done.</summary>
    public Func<CancellationToken, Task>? Measure { get; init; }

    /// <summary>Brings the store within its quota; null where that is not to be done in the background.</summary>
    public Func<CancellationToken, Task>? KeepWithinBounds { get; init; }

    /// <summary>Told after each look that memory may be measured and counts be added to the store.</summary>
    public required Action Note { get; init; }
}
