namespace Savepoint.Model;

/// <summary>How far an experiment is.</summary>
public enum ExperimentState
{
    /// <summary>A process is at it.</summary>
    Running,

    /// <summary>It ended with a ranking.</summary>
    Done,

    /// <summary>It was called off.</summary>
    Cancelled,

    /// <summary>Its process died; what it left was taken away.</summary>
    Abandoned,
}

/// <summary>Several approaches that were tried from one base. Immutable.</summary>
/// <param name="Id">Its number; 0 until the store has given one.</param>
/// <param name="Branch">The branch it was tried from.</param>
/// <param name="Base">The snapshot that all approaches began at.</param>
/// <param name="Time">When it began.</param>
public sealed record Experiment(long Id, string Branch, SnapshotNumber Base, DateTimeOffset Time)
{
    /// <summary>How far it is.</summary>
    public ExperimentState State { get; init; }

    /// <summary>How long it took; zero until it has ended.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What kept the approaches apart.</summary>
    public Isolation Isolation { get; init; }

    /// <summary>Why it was that; null where it was asked for, or nothing else was possible to want.</summary>
    public string? IsolationReason { get; init; }

    /// <summary>The commands that all were checked with.</summary>
    public CheckCommands Commands { get; init; } = CheckCommands.None;

    /// <summary>The approach that was best; null if none passed all gates.</summary>
    public string? Winner { get; init; }

    /// <summary>The snapshot of the winner's merge; null if it was not merged.</summary>
    public SnapshotNumber? Merged { get; init; }

    /// <summary>What was measured of the base itself, to compare with; null if nothing had to be.</summary>
    public ApproachResult? Baseline { get; init; }

    /// <summary>What came of each approach, the best first.</summary>
    public IReadOnlyList<ApproachResult> Approaches { get; init; } = [];
}
