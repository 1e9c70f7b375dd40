using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// The seed's four rollback triggers over the checks of one state. Each gives a decision, or null if it is off or has
/// nothing to say. Pure.
/// </summary>
/// <remarks>
/// Hysteresis: a trigger that tripped and was only suggested stays tripped until its number is below
/// <see cref="ReleaseShare"/> of the threshold, so that it does not come and go with every test. Loop guard: what a policy has
/// rolled back once is not rolled back again for the same cause before some new state has passed, and no rollback
/// goes to a state that a policy has rolled back from; both become suggestions.
/// What is slow is blamed on the state that made it slow: what earlier, accepted ones took is no fault of the one that happens to be
/// measured when the threshold is passed.
/// </remarks>
internal sealed class RollbackTriggers(RollbackPolicy policy, CheckSignals signals)
{
    /// <summary>Below which share of its threshold a tripped trigger is settled.</summary>
    private const double ReleaseShare = 2.0 / 3;

    /// <summary>
    /// A state is to blame for a drop if it brought this share of the threshold by itself, beyond the noise: the last straw is not what broke the
    /// camel's back. By as much a state must be better to be worth going back to.
    /// </summary>
    internal const double OwnShare = 1.0 / 4;

    /// <summary>What a benchmark that ran only once may be off by; it only suggests.</summary>
    private const double UnknownNoise = 0.1;

    /// <summary>The build failed: back to the newest state that built.</summary>
    public Decision? CompileError()
    {
        if (policy.OnCompileError == PolicyMode.Off || signals.Build != BuildResult.Failed)
        {
            return null;
        }

        var errors = signals.Errors.Count == 0 ? "The build failed; its diagnostics are not readable" : $"The build failed with {Words.Count(signals.Errors.Count, "error")}: {Words.Some(signals.Errors)}";
        var cause = signals.Errors.Count == 0 ? "build" : Cause(signals.Errors);
        return Rollback(PolicyRule.CompileError, PolicyAction.RollbackToLastWorkingState, policy.OnCompileError, signals.WorkingStates, cause, errors, "built", [new DecisionNumber("errors", Math.Max(1, signals.Errors.Count), 0)]);
    }

    /// <summary>More of the tests that passed at the baseline fail than may: back to the newest state at which clearly fewer did: what was let be before is not undone with it.</summary>
    public Decision? TestFailure()
    {
        if (policy.OnTestFailure == PolicyMode.Off || signals.Tests is not { IsPassed: false } tests)
        {
            return null;
        }

        if (!tests.IsCounted)
        {
            // Without counts there is no rate, so nothing is done on the strength of it.
            return signals.TestedStates.Count == 0 ? null : Rollback(
                PolicyRule.TestFailure, PolicyAction.RollbackWithAnalysis, PolicyMode.Suggest, signals.TestedStates, "tests", "The test command failed; how many tests did cannot be read", "passed its tests", []);
        }

        if (tests.PassedAtBaseline is not { } passedBefore || passedBefore == 0)
        {
            return null;
        }

        // A file of tests that cannot be loaded takes its tests' names with it: they neither pass nor fail. But so does one that was deleted, so that only suggests.
        var failing = (double)tests.NewlyFailing.Count / passedBefore;
        var missing = Math.Max(0, passedBefore - tests.Passed - tests.NewlyFailing.Count);
        var rate = failing + ((double)missing / passedBefore);
        var threshold = Threshold(policy.TestFailureThreshold, PolicyRule.TestFailure);
        return rate <= threshold ? null : Rollback(
            PolicyRule.TestFailure, PolicyAction.RollbackWithAnalysis, failing > threshold ? policy.OnTestFailure : PolicyMode.Suggest, signals.TestedStates, tests.NewlyFailing.Count == 0 ? "tests" : Cause(tests.NewlyFailing),
            missing == 0
                ? $"{tests.NewlyFailing.Count} of {Words.Count(passedBefore, "test")} that passed at the baseline fail ({Words.Percent(rate)}, above {Words.Percent(threshold)}): {Words.Some(tests.NewlyFailing)}"
                : $"The test command failed; of {Words.Count(passedBefore, "test")} that passed at the baseline {tests.NewlyFailing.Count} fail and {missing} were not run ({Words.Percent(rate)}, above {Words.Percent(threshold)})",
            "failed clearly fewer",
            [
                new DecisionNumber("failureRate", rate, threshold), new DecisionNumber("newlyFailing", tests.NewlyFailing.Count), new DecisionNumber("passedAtBaseline", passedBefore), new DecisionNumber("failed", tests.Failed),
                .. missing > 0 ? new[] { new DecisionNumber("notRun", missing) } : [],
            ]);
    }

    /// <summary>A benchmark is slower than it may be, whatever the noise: and this state brought it: back to the newest state that is clearly faster.</summary>
    public Decision? PerformanceDrop()
    {
        if (policy.OnPerformanceDrop == PolicyMode.Off)
        {
            return null;
        }

        var threshold = Threshold(policy.PerformanceDropThreshold, PolicyRule.PerformanceDrop);
        var slower = Slow(threshold).Where(benchmark => IsToBlame(benchmark, threshold)).ToList();
        if (slower.Count == 0)
        {
            return null;
        }

        // Once is no measurement to act on, nor are two of different hours.
        var mode = slower.Exists(benchmark => benchmark is { IsRepeated: true, Step: null or { IsBeside: true } }) ? policy.OnPerformanceDrop : PolicyMode.Suggest;
        var worst = slower[0];
        return Rollback(
            PolicyRule.PerformanceDrop, PolicyAction.RollbackToPerformanceBaseline, mode, signals.FastStates, Cause(slower.ConvertAll(benchmark => benchmark.Name)),
            $"{worst.Name} is {Words.Percent(worst.Slowdown)} slower than its baseline, more than {Words.Percent(threshold)} beyond its noise of {Words.Percent(NoiseOf(worst))}{(slower.Count > 1 ? $"; so are {Words.Some(slower.Skip(1).Select(benchmark => benchmark.Name).ToList())}" : "")}{Against(worst.Step)}",
            "is clearly faster",
            [
                new DecisionNumber("degradation", Finite(worst.Slowdown), threshold), new DecisionNumber("noise", NoiseOf(worst)), new DecisionNumber("median", worst.Median), new DecisionNumber("baselineMedian", worst.BaselineMedian),
                .. worst.Step is { } step ? new[] { new DecisionNumber("ownDegradation", Finite(step.Slowdown), threshold * OwnShare), new DecisionNumber("ownNoise", step.Noise) } : [],
            ]);
    }

    /// <summary>A benchmark that is slower than it may be by what earlier states brought: why nothing is done, in a sentence; null if there is none.</summary>
    public static string? Inherited(RollbackPolicy policy, CheckSignals signals) =>
        policy.OnPerformanceDrop != PolicyMode.Off && new RollbackTriggers(policy, signals).Slow(policy.PerformanceDropThreshold).FirstOrDefault() is { Step: { } step } worst
            ? $"{worst.Name} is {Words.Percent(worst.Slowdown)} slower than its baseline, but this state brought no more of that than noise: {Words.Percent(step.Slowdown)} against snapshot {step.Before}, the newest that was not too slow."
            : null;

    /// <summary>Changed functions became worse and are past the threshold: said, with their names; nothing is done.</summary>
    public Decision? QualityDegradation()
    {
        if (policy.OnQualityDegradation == PolicyMode.Off)
        {
            return null;
        }

        var worse = signals.Functions.Where(IsDegraded).OrderByDescending(function => function.After.Complexity).ToList();
        if (worse.Count == 0)
        {
            return null;
        }

        var target = signals.WorkingStates.FirstOrDefault(state => !state.IsRejected);
        var first = worse[0];
        return Draft(PolicyRule.QualityDegradation, PolicyAction.SuggestRollbackOrRefactor) with
        {
            Target = target?.Snapshot,
            Cause = Cause(worse.ConvertAll(function => $"{function.Path} {function.After.Name} {function.After.Complexity} {function.After.Maintainability}")),
            Reason = $"{Words.Count(worse.Count, "function")} became harder to maintain: {Words.Some(worse.ConvertAll(Describe))}. Split {(worse.Count == 1 ? "it" : "them")} up{(target is null ? "." : $", or go back with 'savepoint rollback {target.Snapshot}'.")}",
            Numbers = [new DecisionNumber("complexity", first.After.Complexity, policy.MaxComplexity), new DecisionNumber("maintainability", worse.Min(function => function.After.Maintainability), policy.MinMaintainability), new DecisionNumber("functions", worse.Count)],
        };
    }

    /// <summary>The numbers that were looked at, for a decision that found nothing to do.</summary>
    public static IReadOnlyList<DecisionNumber> NumbersOf(CheckSignals signals)
    {
        var numbers = new List<DecisionNumber>();
        if (signals.Tests is { IsCounted: true } tests)
        {
            numbers.Add(new DecisionNumber("passed", tests.Passed));
            numbers.Add(new DecisionNumber("failed", tests.Failed));
            numbers.Add(new DecisionNumber("newlyFailing", tests.NewlyFailing.Count));
        }

        if (signals.Benchmarks.Count > 0)
        {
            numbers.Add(new DecisionNumber("degradation", Finite(signals.Benchmarks.Max(benchmark => benchmark.Slowdown))));
        }

        return numbers;
    }

    internal static string Describe(FunctionChange function)
    {
        var (now, was) = (function.After, function.Before);
        return $"{function.Path}:{now.Line} {now.Name} (complexity {(was is null ? "" : $"{was.Complexity} → ")}{now.Complexity}, maintainability {(was is null ? "" : $"{was.Maintainability} → ")}{now.Maintainability})";
    }

    internal static string Cause(IEnumerable<string> things) => string.Join('\n', things.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private bool IsDegraded(FunctionChange function) =>
        (function.After.Complexity > policy.MaxComplexity && function.After.Complexity > (function.Before?.Complexity ?? 0))
        || (function.After.Maintainability < policy.MinMaintainability && function.After.Maintainability < (function.Before?.Maintainability ?? 100));

    internal static double NoiseOf(BenchmarkSignal benchmark) => benchmark.IsRepeated ? benchmark.Noise : Math.Max(UnknownNoise, benchmark.Noise);

    /// <summary>By how much it is slower at least, once its noise is taken off.</summary>
    internal static double Certain(BenchmarkSignal benchmark) => benchmark.Slowdown - NoiseOf(benchmark);

    private static bool IsToBlame(BenchmarkSignal benchmark, double threshold) => benchmark.Step is not { } step || step.Slowdown - step.Noise > threshold * OwnShare;

    private static string Against(BenchmarkStep? step) => step is null ? ""
        : step.IsBeside ? $". Measured in turn with snapshot {step.Before} it is {Words.Percent(step.Slowdown)} slower than that"
        : $". It is {Words.Percent(step.Slowdown)} slower than snapshot {step.Before} was when that was checked";

    /// <summary>The benchmarks that are slower than they may be, whatever the noise, the worst first.</summary>
    private List<BenchmarkSignal> Slow(double threshold) => [.. signals.Benchmarks.Where(benchmark => Certain(benchmark) > threshold).OrderByDescending(Certain)];

    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;

    /// <summary>What a number must be above. Rounded, since it is shown: two thirds of 0.3 are 0.2.</summary>
    private double Threshold(double full, string rule) => IsOpen(rule) ? Math.Round(full * ReleaseShare, 6) : full;

    private bool IsOpen(string rule) => signals.Open.Any(prior => prior.Rule == rule);

    /// <summary>Back to the first state that no policy rejected, or, where something stands against that, a suggestion that says what.</summary>
    private Decision Rollback(string rule, string action, PolicyMode mode, IReadOnlyList<RollbackTarget> states, string cause, string problem, string good, IReadOnlyList<DecisionNumber> numbers)
    {
        var target = states.FirstOrDefault(state => !state.IsRejected);
        var earlier = signals.Acted.FirstOrDefault(prior => prior.Rule == rule && prior.Cause == cause);
        var dependencies = signals.UnverifiedDependencies is { } label ? $" Dependencies have changed since the checkpoint '{label}' and nothing has verified them: 'savepoint rollback {label}' goes back to before that." : "";
        var draft = Draft(rule, target is null ? PolicyAction.None : action) with { Target = target?.Snapshot, Cause = cause, Numbers = numbers };
        return target switch
        {
            null when states.Count > 0 => draft with { Reason = $"{problem}. Every state that {good} has been rolled back from already, so there is none to go back to.{dependencies}" },
            null => draft with { Reason = $"{problem}. No earlier state is known that {good}.{dependencies}" },
            _ when earlier is not null => draft with { Reason = $"{problem}. This was rolled back once already (decision {earlier.Id}) and no new state has passed since, so it is left as it is. The newest state that {good} is {target.Snapshot}.{dependencies}" },
            _ => draft with { Mode = mode, Reason = $"{problem}. The newest state that {good} is {target.Snapshot}.{dependencies}" },
        };
    }

    private Decision Draft(string rule, string action) => new() { Snapshot = signals.Snapshot, Rule = rule, Action = action, Reason = "" };
}
