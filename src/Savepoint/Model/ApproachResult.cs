namespace Savepoint.Model;

/// <summary>What came of one approach of an experiment. Immutable.</summary>
/// <param name="Name">The approach.</param>
/// <param name="Command">What was run; null for code of the caller.</param>
public sealed record ApproachResult(string Name, string? Command)
{
    /// <summary>The branch that holds what it did; null if it came to none.</summary>
    public string? Branch { get; init; }

    /// <summary>The snapshot of what it did, on that branch; null if it came to none.</summary>
    public SnapshotNumber? Snapshot { get; init; }

    /// <summary>How it ended: its exit code, or 128 and the number of the signal that ended it; null if it could not start.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether it was ended because its time was up.</summary>
    public bool IsTimedOut { get; init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The beginning and the end of what it wrote to its standard streams.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it wrote and no snapshot holds: files that are unreadable or larger than <c>maxFileBytes</c>. Empty if all was recorded. It is gone with the working copy.</summary>
    public IReadOnlyList<WorkspacePath> Unrecorded { get; init; } = [];

    /// <summary>Whether what it made builds.</summary>
    public CheckOutcome Build { get; init; }

    /// <summary>Why the build ended as it did; null where it simply passed, or was not run.</summary>
    public string? BuildReason { get; init; }

    /// <summary>Whether its tests came to what is asked of them: they passed, or only fail where the base's do.</summary>
    public CheckOutcome Test { get; init; }

    /// <summary>Why the tests ended as they did; null where they simply passed, or were not run.</summary>
    public string? TestReason { get; init; }

    /// <summary>How the tests ended; null if no counts could be read.</summary>
    public TestCounts? Tests { get; init; }

    /// <summary>The tests that failed, by name; null if names could not be read.</summary>
    public IReadOnlyList<string>? FailingTests { get; init; }

    /// <summary>Those of them that do not fail at the base.</summary>
    public IReadOnlyList<string> NewlyFailing { get; init; } = [];

    /// <summary>What was measured, in the order in which it was asked for.</summary>
    public IReadOnlyList<Measurement> Metrics { get; init; } = [];

    /// <summary>What was to be measured and could not be: a line each.</summary>
    public IReadOnlyList<string> Unmeasured { get; init; } = [];

    /// <summary>Its place, 1 for the best; those that cannot be told apart share one. 0 before the ranking.</summary>
    public int Rank { get; init; }

    /// <summary>Whether it passed all gates: it did its work, all of which was recorded, builds, and its tests came to what is asked of them.</summary>
    public bool IsEligible { get; init; }

    /// <summary>Why it has its place, in words; empty before the ranking.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The working copy that was kept; null if it is gone.</summary>
    public string? Directory { get; init; }

    /// <summary>The measurement of a name; null if there is none.</summary>
    /// <param name="name">The metric's name.</param>
    public Measurement? Metric(string name) => Metrics.FirstOrDefault(metric => metric.Name == name);
}
