using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>What is known once checks have run on a state: all that a decision about it may rest on. Immutable.</summary>
public sealed record CheckSignals
{
    /// <summary>The state that was checked.</summary>
    public required SnapshotNumber Snapshot { get; init; }

    /// <summary>Whether it builds.</summary>
    public BuildResult Build { get; init; }

    /// <summary>The build's errors, each as one line that is the same for the same fault wherever it stands in the file. Empty if none could be read.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>How its tests ended; null if none were run.</summary>
    public TestSignals? Tests { get; init; }

    /// <summary>Benchmarks that were measured now and before.</summary>
    public IReadOnlyList<BenchmarkSignal> Benchmarks { get; init; } = [];

    /// <summary>Functions that changed since the last state that passed, or since the one before.</summary>
    public IReadOnlyList<FunctionChange> Functions { get; init; } = [];

    /// <summary>States that built, the newest first.</summary>
    public IReadOnlyList<RollbackTarget> WorkingStates { get; init; } = [];

    /// <summary>States that no trigger tripped at and that failed clearly fewer tests than this one, the newest first.</summary>
    public IReadOnlyList<RollbackTarget> TestedStates { get; init; } = [];

    /// <summary>States that no trigger tripped at and that are clearly faster than this one, the newest first.</summary>
    public IReadOnlyList<RollbackTarget> FastStates { get; init; } = [];

    /// <summary>Whether the checks of the state before passed; null if there were none.</summary>
    public bool? PassedBefore { get; init; }

    /// <summary>What the check before this one only suggested and is not settled: the triggers that are still tripped.</summary>
    public IReadOnlyList<PriorDecision> Open { get; init; } = [];

    /// <summary>Rollbacks that policies made, since which no new state has passed its checks.</summary>
    public IReadOnlyList<PriorDecision> Acted { get; init; } = [];

    /// <summary>A checkpoint made before a change of dependencies that nothing has verified yet; null if there is none.</summary>
    public string? UnverifiedDependencies { get; init; }
}

/// <summary>How the tests of a state ended.</summary>
/// <param name="IsPassed">Whether the command succeeded and no test failed.</param>
/// <param name="IsCounted">Whether counts could be read; if not, only <paramref name="IsPassed"/> says something.</param>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="NewlyFailing">Tests that passed at the baseline and fail now, by name.</param>
/// <param name="PassedAtBaseline">How many passed at the baseline; null if there is none to compare with.</param>
public sealed record TestSignals(bool IsPassed, bool IsCounted, long Passed, long Failed, IReadOnlyList<string> NewlyFailing, long? PassedAtBaseline);

/// <summary>A benchmark now and at its baseline, each as the median of repeated runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Median">Its median now.</param>
/// <param name="Spread">How far its runs lie apart now, as a share of the median; 0 or more, null if it ran once.</param>
/// <param name="BaselineMedian">Its median at the baseline.</param>
/// <param name="BaselineSpread">The spread there.</param>
/// <param name="IsMoreBetter">Whether more is better (operations a second) rather than less (time).</param>
public sealed record BenchmarkSignal(string Name, double Median, double? Spread, double BaselineMedian, double? BaselineSpread, bool IsMoreBetter = false)
{
    /// <summary>How much slower it is than its baseline, as a share: 0.25 is a quarter slower, negative is faster.</summary>
    public double Slowdown => IsMoreBetter
        ? Median > 0 ? (BaselineMedian / Median) - 1 : double.MaxValue
        : BaselineMedian > 0 ? (Median / BaselineMedian) - 1 : 0;

    /// <summary>What of that may be noise: both spreads together. A baseline that ran once is taken to spread as it does now.</summary>
    public double Noise => Spread is { } spread ? spread + (BaselineSpread ?? spread) : BaselineSpread ?? 0;

    /// <summary>Whether it was measured more than once, so that the noise is known.</summary>
    public bool IsRepeated => Spread is not null;

    /// <summary>How it compares with the newest earlier state that was not too slow; null if there is no such state.</summary>
    public BenchmarkStep? Step { get; init; }
}

/// <summary>
/// What became of a benchmark since the newest state that was not too slow. A baseline lies far back, and much that was accepted
/// lies between: only this tells whether it is the state that was checked that made it slow.
/// </summary>
/// <param name="Before">That state.</param>
/// <param name="Slowdown">How much slower it is now, as a share; negative is faster.</param>
/// <param name="Noise">What of that may be noise, as a share.</param>
/// <param name="IsBeside">Whether both were measured in turn, so that the machine was the same for both; else each when it was checked.</param>
public sealed record BenchmarkStep(SnapshotNumber Before, double Slowdown, double Noise, bool IsBeside);

/// <summary>A state that a rollback could go to.</summary>
/// <param name="Snapshot">Which.</param>
/// <param name="IsRejected">Whether a policy has rolled back from this very state.</param>
public sealed record RollbackTarget(SnapshotNumber Snapshot, bool IsRejected);

/// <summary>A decision made before, as far as it matters to the next.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Rule">Its rule.</param>
/// <param name="Cause">Its cause.</param>
public sealed record PriorDecision(long Id, string Rule, string Cause);
