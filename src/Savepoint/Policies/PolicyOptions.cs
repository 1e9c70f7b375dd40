using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>What the policies may do, and from when on. Immutable. The defaults are the seed's: every rule acts.</summary>
public sealed record PolicyOptions
{
    /// <summary>The rollback triggers.</summary>
    public RollbackPolicy Rollback { get; init; } = new();

    /// <summary>The checkpoints.</summary>
    public CheckpointPolicy Checkpoints { get; init; } = new();

    /// <exception cref="SavepointException">A threshold is outside its range.</exception>
    internal void Validate()
    {
        Check(Rollback.TestFailureThreshold is >= 0 and <= 1, "TestFailureThreshold must be from 0 to 1.");
        Check(Rollback.PerformanceDropThreshold is > 0 and <= 1000, "PerformanceDropThreshold must be more than 0.");
        Check(Rollback.MaxComplexity >= 1 && Checkpoints.MaxComplexity >= 1, "MaxComplexity must be 1 or more.");
        Check(Rollback.MinMaintainability is >= 0 and <= 100, "MinMaintainability must be from 0 to 100.");
        Check(Checkpoints.LargeScaleFiles >= 1 && Checkpoints.LargeScaleShareFiles >= 1, "The numbers of files of a large-scale change must be 1 or more.");
        Check(Checkpoints.LargeScaleShare is > 0 and <= 1, "LargeScaleShare must be more than 0, at most 1.");
    }

    private static void Check(bool isValid, string problem)
    {
        if (!isValid)
        {
            throw new SavepointException(ErrorCode.InvalidSettings, problem, "'savepoint config' shows each setting and where it comes from.");
        }
    }
}
