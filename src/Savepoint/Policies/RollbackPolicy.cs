using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// When a state is bad enough to go back from: the seed's four triggers, each with its mode and threshold. Immutable.
/// </summary>
public sealed record RollbackPolicy
{
    /// <summary>The build failed. Default: act.</summary>
    public PolicyMode OnCompileError { get; init; } = PolicyMode.Act;

    /// <summary>Too many tests fail. Default: act.</summary>
    public PolicyMode OnTestFailure { get; init; } = PolicyMode.Act;

    /// <summary>A benchmark became slower. Default: act.</summary>
    public PolicyMode OnPerformanceDrop { get; init; } = PolicyMode.Act;

    /// <summary>A function became worse. It only ever suggests: <see cref="PolicyMode.Act"/> is the same. Default: act.</summary>
    public PolicyMode OnQualityDegradation { get; init; } = PolicyMode.Act;

    /// <summary>Which share of the tests that passed at the baseline may newly fail. 0 to 1, default 0.3 (seed).</summary>
    public double TestFailureThreshold { get; init; } = 0.3;

    /// <summary>How much slower a benchmark may become, as a share, beyond the noise of repeated measurements. More than 0, default 0.2 (seed).</summary>
    public double PerformanceDropThreshold { get; init; } = 0.2;

    /// <summary>The cyclomatic complexity up to which a function may grow unremarked. 1 or more, default 10 (seed).</summary>
    public int MaxComplexity { get; init; } = 10;

    /// <summary>The maintainability index down to which a function may fall unremarked. 0 to 100, default 20: below it Visual Studio's scale is no longer green.</summary>
    public int MinMaintainability { get; init; } = 20;

    /// <summary>The same with every trigger that only suggests made to act (<c>check --auto-rollback</c>); what is off stays off.</summary>
    public RollbackPolicy Acting() => this with
    {
        OnCompileError = Acting(OnCompileError),
        OnTestFailure = Acting(OnTestFailure),
        OnPerformanceDrop = Acting(OnPerformanceDrop),
        OnQualityDegradation = Acting(OnQualityDegradation),
    };

    /// <summary>The same with no trigger that acts: each that would only suggests.</summary>
    public RollbackPolicy Suggesting() => this with
    {
        OnCompileError = Suggesting(OnCompileError),
        OnTestFailure = Suggesting(OnTestFailure),
        OnPerformanceDrop = Suggesting(OnPerformanceDrop),
        OnQualityDegradation = Suggesting(OnQualityDegradation),
    };

    /// <summary>The same with every trigger off.</summary>
    public RollbackPolicy Off() => this with { OnCompileError = PolicyMode.Off, OnTestFailure = PolicyMode.Off, OnPerformanceDrop = PolicyMode.Off, OnQualityDegradation = PolicyMode.Off };

    private static PolicyMode Acting(PolicyMode mode) => mode == PolicyMode.Off ? mode : PolicyMode.Act;

    private static PolicyMode Suggesting(PolicyMode mode) => mode == PolicyMode.Off ? mode : PolicyMode.Suggest;
}
