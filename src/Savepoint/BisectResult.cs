using Savepoint.Model;

namespace Savepoint;

/// <summary>How a bisection runs. Immutable.</summary>
public sealed record BisectOptions
{
    /// <summary>How long each run may take; one that takes longer cannot be told. Default: 30 minutes; infinite for as long as it takes.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often a state has to pass once the command was found to be flaky. 1 or more; default: 5.</summary>
    public int Repetitions { get; init; } = 5;

    /// <summary>Told of each run when it is over, one at a time. Default: null, nobody asks.</summary>
    public IProgress<BisectedState>? Progress { get; init; }
}

/// <summary>How a bisection ended.</summary>
public enum BisectEnding
{
    /// <summary>The snapshot that broke it is known.</summary>
    Found,

    /// <summary>It is one of several, of which all but the last could not be told.</summary>
    Narrowed,

    /// <summary>The command fails at the good revision already.</summary>
    GoodIsBad,

    /// <summary>The command does not fail at the bad revision.</summary>
    BadIsGood,

    /// <summary>The command ended with 128 or more, which calls it off.</summary>
    Aborted,
}

/// <summary>One run of the command.</summary>
/// <param name="Snapshot">The state that it ran at.</param>
/// <param name="ExitCode">How it ended; 124 if its time was up.</param>
/// <param name="Duration">How long it took.</param>
public sealed record BisectedState(SnapshotNumber Snapshot, int ExitCode, TimeSpan Duration)
{
    /// <summary>The exit code of a state that cannot be told, as git's <c>bisect run</c> has it.</summary>
    public const int SkipCode = 125;

    /// <summary>Exit codes from here on call the search off.</summary>
    public const int AbortCode = 128;

    /// <summary>Whether it was ended because its time was up; then nothing can be told.</summary>
    public bool IsTimedOut { get; init; }

    /// <summary>Whether the state is good; null if it cannot be told.</summary>
    public bool? IsGood => IsTimedOut ? null : ExitCode switch { 0 => true, SkipCode => null, _ => false };
}

/// <summary>What a bisection found.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="Good">The last state known to be good.</param>
/// <param name="Bad">The first state known to be bad: the snapshot that broke it, if that was found.</param>
public sealed record BisectResult(BisectEnding Ending, SnapshotNumber Good, SnapshotNumber Bad)
{
    /// <summary>The snapshot <see cref="Bad"/>, with its changes, its actor and when it was made.</summary>
    public required Snapshot Culprit { get; init; }

    /// <summary>Snapshots between the two that could not be told: each may be the one.</summary>
    public IReadOnlyList<SnapshotNumber> Untold { get; init; } = [];

    /// <summary>How many states there were from good to bad, both counted.</summary>
    public int StateCount { get; init; }

    /// <summary>Each run, in order.</summary>
    public IReadOnlyList<BisectedState> Runs { get; init; } = [];

    /// <summary>Whether the command passed and failed at one and the same state.</summary>
    public bool IsFlaky { get; init; }

    /// <summary>The end of what the command wrote at the first bad state.</summary>
    public string Output { get; init; } = "";

    /// <summary>How long all of it took.</summary>
    public TimeSpan Elapsed { get; init; }
}
