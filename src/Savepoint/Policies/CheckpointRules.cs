using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>The seed's four checkpoints. Each gives a decision, or null if it is off or has nothing to say. Pure.</summary>
internal static class CheckpointRules
{
    /// <summary>Tests pass and nothing fails to compile, after that was not so: the state is worth keeping for good.</summary>
    public static Decision? FeatureComplete(CheckpointPolicy policy, CheckSignals signals)
    {
        if (policy.OnFeatureComplete == PolicyMode.Off || signals is not { Build: not BuildResult.Failed, Tests: { IsPassed: true } tests, PassedBefore: not true })
        {
            return null;
        }

        var counted = tests.IsCounted ? $"All {Words.Count(tests.Passed, "test")} pass" : "The tests pass";
        var built = signals.Build == BuildResult.Passed ? " and nothing fails to compile" : "";
        return new Decision
        {
            Snapshot = signals.Snapshot,
            Rule = PolicyRule.FeatureComplete,
            Action = PolicyAction.CreateMilestoneSnapshot,
            Mode = policy.OnFeatureComplete,
            Target = signals.Snapshot,
            Retention = Retention.Permanent,
            Reason = $"{counted}{built}, {(signals.PassedBefore is null ? "for the first time" : "after they did not")}.",
            Cause = signals.Snapshot.ToString(),
            Numbers = RollbackTriggers.NumbersOf(signals),
        };
    }

    /// <summary>One operation changed many files: the state before it.</summary>
    public static Decision? MajorRefactor(CheckpointPolicy policy, CaptureSignals signals)
    {
        var share = signals.TreeFiles is > 0 and var files ? (double)signals.ChangedFiles / files : 0;
        var isMany = signals.ChangedFiles >= policy.LargeScaleFiles;
        var isShare = signals.ChangedFiles >= policy.LargeScaleShareFiles && share >= policy.LargeScaleShare;
        if (policy.BeforeMajorRefactor == PolicyMode.Off || (!isMany && !isShare))
        {
            return null;
        }

        var moves = signals.MovedFiles > 0 ? $", {signals.MovedFiles} of them by moving" : "";
        var of = isMany ? $"{policy.LargeScaleFiles} files are a large-scale change" : $"that is {Words.Percent(share)} of the tree, and {Words.Percent(policy.LargeScaleShare)} are a large-scale change";
        return new Decision
        {
            Snapshot = signals.Snapshot,
            Rule = PolicyRule.MajorRefactor,
            Action = PolicyAction.CreateSafetyCheckpoint,
            Mode = policy.BeforeMajorRefactor,
            Target = signals.Before,
            Retention = Retention.Session,
            Reason = $"Snapshot {signals.Snapshot} changed {Words.Count(signals.ChangedFiles, "file")} at once{moves}; {of}. The state before it is {signals.Before}.",
            Cause = signals.Before.ToString(),
            Numbers = isMany
                ? [new DecisionNumber("files", signals.ChangedFiles, policy.LargeScaleFiles), new DecisionNumber("moves", signals.MovedFiles)]
                : [new DecisionNumber("share", share, policy.LargeScaleShare), new DecisionNumber("files", signals.ChangedFiles, policy.LargeScaleShareFiles), new DecisionNumber("moves", signals.MovedFiles)],
        };
    }

    /// <summary>Dependencies changed: the state before that, unless an earlier one is still waiting to be verified.</summary>
    public static Decision? DependencyUpdate(CheckpointPolicy policy, CaptureSignals signals) =>
        policy.BeforeDependencyUpdate == PolicyMode.Off || signals.Manifests.Count == 0 || signals.UnverifiedDependencies is not null ? null : new Decision
        {
            Snapshot = signals.Snapshot,
            Rule = PolicyRule.DependencyUpdate,
            Action = PolicyAction.CreateDependencyCheckpoint,
            Mode = policy.BeforeDependencyUpdate,
            Target = signals.Before,
            Retention = Retention.UntilVerification,
            Reason = $"Snapshot {signals.Snapshot} changed what the project depends on ({Words.Some(signals.Manifests)}). The state before it is {signals.Before}.",
            Cause = RollbackTriggers.Cause(signals.Manifests),
            Numbers = [new DecisionNumber("manifests", signals.Manifests.Count, 0)],
        };

    /// <summary>A function grew past the threshold: the state before that may be worth a name.</summary>
    public static Decision? ComplexityThreshold(CheckpointPolicy policy, FunctionSignals signals)
    {
        var crossed = policy.OnComplexityThreshold == PolicyMode.Off ? [] : signals.Functions
            .Where(function => function.After.Complexity > policy.MaxComplexity && (function.Before?.Complexity ?? 0) <= policy.MaxComplexity)
            .OrderByDescending(function => function.After.Complexity).ToList();
        return crossed.Count == 0 ? null : new Decision
        {
            Snapshot = signals.Snapshot,
            Rule = PolicyRule.ComplexityThreshold,
            Action = PolicyAction.SuggestCheckpoint,
            Mode = PolicyMode.Suggest,
            Target = signals.Before,
            Retention = Retention.User,
            Reason = $"The cyclomatic complexity of {Words.Count(crossed.Count, "function")} passed {policy.MaxComplexity}: {Words.Some(crossed.ConvertAll(RollbackTriggers.Describe))}. 'savepoint checkpoint NAME' keeps a state by name; the one before is {signals.Before}.",
            Cause = RollbackTriggers.Cause(crossed.ConvertAll(function => $"{function.Path} {function.After.Name}")),
            Numbers = [new DecisionNumber("complexity", crossed[0].After.Complexity, policy.MaxComplexity)],
        };
    }
}
