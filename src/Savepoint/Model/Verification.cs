namespace Savepoint.Model;

/// <summary>What became of a build.</summary>
public enum BuildResult
{
    /// <summary>Nothing was built, nobody looked, or it was not found out: the command could not start, or its time was up.</summary>
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
/// <param name="Value">How much; a finite number. Of what was measured several times, the middle one or the mean.</param>
/// <param name="Unit">Of what, as <c>ms</c> or <c>bytes</c>; empty for a bare number.</param>
public sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>The standard deviation of the single measurements, in the same unit, 0 or more; null if there was one, or it is not known.</summary>
    public double? Spread { get; init; }
}

/// <summary>What checks found out about the state of one snapshot. Immutable; numbered by the store, in the order in which they were recorded.</summary>
/// <param name="Id">Its number; 0 until the store has given one.</param>
/// <param name="Snapshot">The state that was checked.</param>
/// <param name="Time">When it was recorded, by the clock of the machine.</param>
/// <param name="Build">Whether it builds.</param>
/// <param name="Tests">How its tests ended; null if none were counted.</param>
/// <param name="Figures">What was measured, in the order given; empty if nothing was.</param>
public sealed record Verification(long Id, SnapshotNumber Snapshot, DateTimeOffset Time, BuildResult Build, TestCounts? Tests, IReadOnlyList<Figure> Figures)
{
    private readonly CheckOutcome _testOutcome;

    /// <summary>
    /// Whether the tests passed. Without a word on it, what <see cref="Tests"/> say; a command whose counts could not be read
    /// passes or fails by its exit code.
    /// </summary>
    public CheckOutcome TestOutcome
    {
        get => _testOutcome != CheckOutcome.NotRun ? _testOutcome : Tests switch { null => CheckOutcome.NotRun, { Failed: > 0 } => CheckOutcome.Failed, _ => CheckOutcome.Passed };
        init => _testOutcome = value;
    }

    /// <summary>The names of the tests that failed, each once, in the order in which they were read; null if names were not read, or there were too many to keep.</summary>
    public IReadOnlyList<string>? FailingTests { get; init; }

    /// <summary>How many diagnostics of error severity the build reported. 0 or more.</summary>
    public long ErrorCount { get; init; }

    /// <summary>The first of the build's diagnostics of error severity, at most 50; empty if there were none.</summary>
    public IReadOnlyList<Diagnostic> Errors { get; init; } = [];

    /// <summary>What the checks were. Each null if it was not run, or not recorded.</summary>
    public CheckCommands Commands { get; init; } = CheckCommands.None;

    /// <summary>
    /// Whether the state is good to go back to: its build passed, or nobody looked at the build and tests were run; and the
    /// tests, if any were run, passed. A verification that only measured says nothing of that.
    /// </summary>
    public bool IsPassed => Build != BuildResult.Failed && TestOutcome is CheckOutcome.NotRun or CheckOutcome.Passed
        && (Build == BuildResult.Passed || TestOutcome == CheckOutcome.Passed);
}
