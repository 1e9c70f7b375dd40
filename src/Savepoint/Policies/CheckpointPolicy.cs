using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>When a state is worth a name: the seed's four checkpoints, each with its mode and threshold. Immutable.</summary>
public sealed record CheckpointPolicy
{
    /// <summary>Tests pass and nothing fails to compile, after that was not so: a milestone. Default: act.</summary>
    public PolicyMode OnFeatureComplete { get; init; } = PolicyMode.Act;

    /// <summary>One operation changed much: the state before it, for the session. Default: act.</summary>
    public PolicyMode BeforeMajorRefactor { get; init; } = PolicyMode.Act;

    /// <summary>Dependencies changed: the state before it, until a later one is verified. Default: act.</summary>
    public PolicyMode BeforeDependencyUpdate { get; init; } = PolicyMode.Act;

    /// <summary>A function's complexity passed <see cref="MaxComplexity"/>. It only ever suggests. Default: act.</summary>
    public PolicyMode OnComplexityThreshold { get; init; } = PolicyMode.Act;

    /// <summary>From how many files that one operation changes or moves it is a large-scale change. 1 or more, default 20.</summary>
    public int LargeScaleFiles { get; init; } = 20;

    /// <summary>From which share of the tree's files it is one. More than 0 to 1, default 0.1.</summary>
    public double LargeScaleShare { get; init; } = 0.1;

    /// <summary>Below so many files no share makes a change large: a tenth of a small project is an everyday edit. 1 or more, default 5.</summary>
    public int LargeScaleShareFiles { get; init; } = 5;

    /// <summary>Above which cyclomatic complexity a checkpoint is suggested. 1 or more, default 10 (seed).</summary>
    public int MaxComplexity { get; init; } = 10;

    /// <summary>The same with every checkpoint off.</summary>
    public CheckpointPolicy Off() => this with { OnFeatureComplete = PolicyMode.Off, BeforeMajorRefactor = PolicyMode.Off, BeforeDependencyUpdate = PolicyMode.Off, OnComplexityThreshold = PolicyMode.Off };
}
