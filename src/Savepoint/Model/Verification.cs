namespace Savepoint.Model;

/// <summary>What became of a build.</summary>
public enum BuildResult
{
    /// <summary>Nothing was built, or nobody looked.</summary>
    Unknown,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It passed.</summary>
    Passed,
}

/// <summary>How a run of tests ended. Each 0 or more.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Skipped">How many were not run.</param>
public sealed record TestCounts(long Passed, long Failed, long Skipped);

/// <summary>One thing that was measured: a benchmark, a size, a complexity.</summary>
/// <param name="Name">What it is; not empty.</param>
/// <param name="Value">How much; a finite number.</param>
/// <param name="Unit">Of what, as <c>ms</c> or <c>bytes</c>; empty for a bare number.</param>
public sealed record Figure(string Name, double Value, string Unit);

/// <summary>What checks found out about the state of one snapshot. Immutable; numbered by the store, in the order in which they were recorded.</summary>
/// <param name="Id">Its number; 0 until the store has given one.</param>
/// <param name="Snapshot">The state that was checked.</param>
/// <param name="Time">When it was recorded, by the clock of the machine.</param>
/// <param name="Build">Whether it builds.</param>
/// <param name="Tests">How its tests ended; null if none were counted.</param>
/// <param name="Figures">What was measured, in the order given; empty if nothing was.</param>
public sealed record Verification(long Id, SnapshotNumber Snapshot, DateTimeOffset Time, BuildResult Build, TestCounts? Tests, IReadOnlyList<Figure> Figures)
{
    /// <summary>
    /// Whether the state is good to go back to: its build passed, or nobody looked at the build and tests were run; and no
    /// test failed. A verification that only measured says nothing of that.
    /// </summary>
    public bool IsPassed => Tests is not { Failed: > 0 } && (Build == BuildResult.Passed || (Build == BuildResult.Unknown && Tests is not null));
}
