namespace Savepoint.Model;

/// <summary>How one command of a check ended, and what could be read from what it said.</summary>
/// <param name="Kind">What it was for.</param>
/// <param name="Command">The line that was run.</param>
/// <param name="Outcome">Whether it passed.</param>
public sealed record CheckedCommand(CheckKind Kind, string Command, CheckOutcome Outcome)
{
    /// <summary>Its exit code, or 128 and the number of the signal that ended it; null if it could not start.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether it was ended because its time was up.</summary>
    public bool IsTimedOut { get; init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why the outcome is what it is, in words, where it is not simply that it passed; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>Diagnostics of error severity. 0 or more.</summary>
    public long ErrorCount { get; init; }

    /// <summary>Diagnostics of less than that. 0 or more.</summary>
    public long WarningCount { get; init; }

    /// <summary>The first diagnostics, errors before warnings, each once; at most 100.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>How its tests ended; null if no counts could be read.</summary>
    public TestCounts? Tests { get; init; }

    /// <summary>The names of the tests that failed; null if names could not be read.</summary>
    public IReadOnlyList<string>? FailingTests { get; init; }

    /// <summary>What it measured; empty if nothing could be read.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>From what the results were read, as <c>TRX</c> or <c>the output of cargo test</c>; null if nothing was.</summary>
    public string? Source { get; init; }

    /// <summary>The beginning and the end of what it wrote, as text without control characters.</summary>
    public string Output { get; init; } = "";
}

/// <summary>How a check ended.</summary>
/// <param name="Verification">What was recorded on the snapshot that was checked.</param>
/// <param name="Commands">What was run, in order: build, test, bench. What was left out because the build failed is not in it.</param>
public sealed record CheckResult(Verification Verification, IReadOnlyList<CheckedCommand> Commands)
{
    /// <summary>The state that was checked.</summary>
    public SnapshotNumber Snapshot => Verification.Snapshot;

    /// <summary>The newest earlier verification of another state whose tests were read, which this one is compared with; null if there is none.</summary>
    public Verification? Baseline { get; init; }

    /// <summary>The tests that fail and did not fail in <see cref="Baseline"/>; empty if there is no such comparison.</summary>
    public IReadOnlyList<string> NewlyFailing { get; init; } = [];

    /// <summary>The snapshot of what was unrecorded before; null if nothing was.</summary>
    public SnapshotNumber? Drift { get; init; }

    /// <summary>The snapshot of what the commands wrote into the workspace; null if they wrote nothing that is recorded.</summary>
    public SnapshotNumber? Written { get; init; }

    /// <summary>The benchmarks measured in turn with an earlier state; null if there was no need, or it could not be done.</summary>
    public BesideMeasurement? Beside { get; init; }

    /// <summary>Whether all that was to run was run and passed.</summary>
    public bool IsPassed => Commands.Count > 0 && Commands.All(command => command.Outcome == CheckOutcome.Passed);

    /// <summary>The command of a kind; null if it was not run.</summary>
    /// <param name="kind">The kind.</param>
    public CheckedCommand? Of(CheckKind kind) => Commands.FirstOrDefault(command => command.Kind == kind);
}

/// <summary>A state and an earlier one, measured in turn on the same machine at the same time, each in a copy.</summary>
/// <param name="Before">The earlier state.</param>
/// <param name="BeforeFigures">Its figures: the medians of the runs, and how far those spread.</param>
/// <param name="Figures">The same of the state that was checked.</param>
public sealed record BesideMeasurement(SnapshotNumber Before, IReadOnlyList<Figure> BeforeFigures, IReadOnlyList<Figure> Figures);

/// <summary>How a check runs.</summary>
public sealed record CheckOptions
{
    /// <summary>How long each command may run. Default: 30 minutes; infinite for as long as it takes.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a command may take to end once it is asked to. Default: 3 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Variables that differ from our own environment; null values are taken out. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Told of each line that a command writes, from one thread; null: nobody asks.</summary>
    public IProgress<CheckLine>? Lines { get; init; }

    /// <exception cref="SavepointException">A value is outside its range.</exception>
    internal void Validate()
    {
        if ((TimeLimit <= TimeSpan.Zero && TimeLimit != Timeout.InfiniteTimeSpan) || Grace < TimeSpan.Zero)
        {
            throw new SavepointException(ErrorCode.InvalidSettings, "The time limit of a check must be positive, or infinite, and its grace not negative.", "'savepoint config' shows each setting and where it comes from.");
        }
    }
}

/// <summary>A line that a command of a check wrote.</summary>
/// <param name="Kind">What the command is for.</param>
/// <param name="Text">The line, without its end and without control characters.</param>
public readonly record struct CheckLine(CheckKind Kind, string Text);
