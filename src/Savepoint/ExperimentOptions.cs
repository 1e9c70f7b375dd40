using Savepoint.Model;

namespace Savepoint;

/// <summary>How approaches are tried. Immutable.</summary>
public sealed record ExperimentOptions
{
    /// <summary>All at once, as far as there are processors; copies in whatever form the system allows.</summary>
    public static ExperimentOptions Default { get; } = new();

    /// <summary>How many approaches at once are carried out, built and tested. 1 or more; default: one for each processor. Measured is one at a time.</summary>
    public int JobCount { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// What keeps the approaches apart. Default: null, an overlay where the system allows one and nothing has to be a directory (code of the caller,
    /// copies that are kept), else a copy.
    /// </summary>
    public Isolation? Isolation { get; init; }

    /// <summary>How long each command may run. Default: 30 minutes; infinite for as long as it takes.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether the best approach is merged into the branch that is worked on. Default: false.</summary>
    public bool MergesBest { get; init; }

    /// <summary>Whether the working copies stay, as those of branches. Default: false, only their snapshots stay.</summary>
    public bool KeepsCopies { get; init; }

    /// <summary>Who tries. Default: nobody known.</summary>
    public CaptureContext Context { get; init; } = CaptureContext.None;

    /// <summary>Told of each step, from any thread, one at a time. Default: null, nobody asks.</summary>
    public IProgress<ExperimentProgress>? Progress { get; init; }

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(JobCount, 1);
        if (TimeLimit <= TimeSpan.Zero && TimeLimit != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException("The time limit must be positive, or infinite.");
        }
    }
}

/// <summary>What an approach is at.</summary>
public enum ExperimentStep
{
    /// <summary>Its working copy is being made.</summary>
    Copying,

    /// <summary>It is carried out.</summary>
    Working,

    /// <summary>It is built.</summary>
    Building,

    /// <summary>Its tests run.</summary>
    Testing,

    /// <summary>It is measured.</summary>
    Measuring,

    /// <summary>It waits for the others.</summary>
    Waiting,

    /// <summary>It passed a gate not, and is out.</summary>
    Out,
}

/// <summary>A step of an experiment.</summary>
/// <param name="Approach">The approach; null for the base.</param>
/// <param name="Step">What it is at.</param>
/// <param name="Round">The round of measurements, 1 for the first; 0 outside.</param>
/// <param name="Note">Why it is out; null otherwise.</param>
public sealed record ExperimentProgress(string? Approach, ExperimentStep Step, int Round = 0, string? Note = null);

/// <summary>How an experiment ended.</summary>
/// <param name="Experiment">What was recorded of it, the best approach first.</param>
/// <param name="Captured">The snapshot of what was unrecorded before; null if nothing was.</param>
/// <param name="Merge">How the winner was merged; null if it was not to be, or there is none.</param>
public sealed record ExperimentResult(Experiment Experiment, SnapshotNumber? Captured, MergeResult? Merge);
