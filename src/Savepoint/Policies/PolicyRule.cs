namespace Savepoint.Policies;

/// <summary>The names of triggers and checkpoints, those of the seed. They stand in stores, settings and JSON.</summary>
public static class PolicyRule
{
    /// <summary>No rule applied.</summary>
    public const string None = "none";

    /// <summary>The build failed.</summary>
    public const string CompileError = "onCompileError";

    /// <summary>Too many of the tests that passed at the baseline fail.</summary>
    public const string TestFailure = "onTestFailure";

    /// <summary>A benchmark became too slow.</summary>
    public const string PerformanceDrop = "onPerformanceDrop";

    /// <summary>A changed function became too complex, or too hard to maintain.</summary>
    public const string QualityDegradation = "onQualityDegradation";

    /// <summary>Tests pass and nothing fails to compile, after that was not so.</summary>
    public const string FeatureComplete = "onFeatureComplete";

    /// <summary>One operation changed much at once.</summary>
    public const string MajorRefactor = "beforeMajorRefactor";

    /// <summary>A dependency manifest or lock file changed.</summary>
    public const string DependencyUpdate = "beforeDependencyUpdate";

    /// <summary>A function's complexity passed the threshold.</summary>
    public const string ComplexityThreshold = "onComplexityThreshold";
}
