namespace Savepoint.Policies;

/// <summary>The names of what a decision may lead to, those of the seed. They stand in stores and in JSON.</summary>
public static class PolicyAction
{
    /// <summary>Nothing follows.</summary>
    public const string None = "none";

    /// <summary>Back to the newest state that built.</summary>
    public const string RollbackToLastWorkingState = "rollbackToLastWorkingState";

    /// <summary>Back to the newest state whose tests passed, with what is known of the failure.</summary>
    public const string RollbackWithAnalysis = "rollbackWithAnalysis";

    /// <summary>Back to the newest state that is clearly faster.</summary>
    public const string RollbackToPerformanceBaseline = "rollbackToPerformanceBaseline";

    /// <summary>Nothing is done; the functions are named.</summary>
    public const string SuggestRollbackOrRefactor = "suggestRollbackOrRefactor";

    /// <summary>The state is archived in L3, for good.</summary>
    public const string CreateMilestoneSnapshot = "create-milestone-snapshot";

    /// <summary>The state before a large change gets a name, for the session.</summary>
    public const string CreateSafetyCheckpoint = "create-safety-checkpoint";

    /// <summary>The state before a change of dependencies gets a name, until a later one passes its checks.</summary>
    public const string CreateDependencyCheckpoint = "create-dependency-checkpoint";

    /// <summary>Nothing is done; a checkpoint may be worth it.</summary>
    public const string SuggestCheckpoint = "suggest-checkpoint";

    /// <summary>Whether an action takes the tree back.</summary>
    public static bool IsRollback(string action) => action is RollbackToLastWorkingState or RollbackWithAnalysis or RollbackToPerformanceBaseline;
}
