using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// Compares a state with what was found out about earlier ones. Baselines do not creep: three steps of a tenth each are
/// three tenths. Pure.
/// </summary>
internal static class Baselines
{
    /// <summary>Units of which more is better; of every other (times, sizes, counts) less is.</summary>
    private static readonly string[] RateUnits = ["ops/s", "op/s", "ops/sec", "1/s", "req/s", "requests/s", "mb/s", "gb/s", "kb/s", "b/s", "bytes/s", "items/s", "hz"];

    /// <summary>How the tests ended against their baseline.</summary>
    /// <param name="now">The state that was checked.</param>
    /// <param name="earlier">Earlier ones, the newest first.</param>
    /// <param name="tolerance">Which share of the tests that passed at the baseline may fail.</param>
    /// <returns>The signals, null if no test was run; and the states that nothing tripped at and that failed clearly fewer tests, the newest first.</returns>
    public static (TestSignals? Tests, List<SnapshotNumber> Better) Tests(CheckedState now, IReadOnlyList<CheckedState> earlier, double tolerance)
    {
        if (now.IsTestPassed is not { } isPassed)
        {
            return (null, []);
        }

        if (now.Tests is not { } counts)
        {
            return (new TestSignals(isPassed, IsCounted: false, 0, 0, [], null), [.. earlier.Where(state => state.IsTestPassed == true).Select(state => state.Snapshot)]);
        }

        var baseline = WithoutNewFailures(earlier).FirstOrDefault();
        var least = tolerance * RollbackTriggers.OwnShare * (baseline?.Tests!.Passed ?? 0);
        var failing = now.Failing?.ToHashSet(StringComparer.Ordinal);
        var better = earlier.Where(state => !state.IsTripped && state.Tests is { } there && Math.Max(Fewer(state, there), there.Passed - counts.Passed) > least);
        return (
            new TestSignals(isPassed, IsCounted: true, counts.Passed, counts.Failed, baseline is null ? [] : NewlyFailing(now, baseline), baseline?.Tests!.Passed),
            [.. better.Select(state => state.Snapshot)]);

        // How many of the tests that fail now did not fail there; of a thousand names and a hundred states, so none is looked at but what failed there.
        long Fewer(CheckedState state, TestCounts there) =>
            failing is not null && state.Failing is { } failed ? failing.Count - failed.Count(failing.Contains) : counts.Failed - there.Failed;
    }

    /// <summary>
    /// Benchmarks against their fastest median so far. What is broken may be fast because it does nothing, so a state whose tests newly
    /// failed is no baseline, and one that is faster than the baseline no target.
    /// </summary>
    /// <param name="now">The state that was checked.</param>
    /// <param name="earlier">Earlier ones, the newest first.</param>
    /// <param name="tolerance">How much slower than its baseline, beyond the noise, is not too slow yet. A share.</param>
    /// <param name="beside">The state measured in turn with an earlier one; null if that was not done.</param>
    /// <returns>The signals; and the states that nothing tripped at and that are clearly faster than this one, the newest first.</returns>
    public static (List<BenchmarkSignal> Benchmarks, List<SnapshotNumber> Faster) Benchmarks(CheckedState now, IReadOnlyList<CheckedState> earlier, double tolerance, BesideMeasurement? beside = null)
    {
        var sound = Sound(earlier);
        var baselines = new Dictionary<string, Figure>(StringComparer.Ordinal);
        foreach (var figure in now.Figures)
        {
            if (Fastest(sound, figure) is { } fastest)
            {
                baselines[figure.Name] = fastest;
            }
        }

        // A state's newest figures count: those of before are what made somebody measure it again. What is faster than any sound state may do nothing.
        var accepted = earlier.Where(state => !state.IsTripped && state.Figures.Any(figure => baselines.ContainsKey(figure.Name)))
            .DistinctBy(state => state.Snapshot).Where(state => Against(state, baselines).All(signal => -signal.Slowdown - RollbackTriggers.NoiseOf(signal) <= tolerance)).ToList();
        var within = accepted.Where(state => Against(state, baselines).All(signal => RollbackTriggers.Certain(signal) <= tolerance)).ToList();
        var compared = now.Figures.Where(figure => baselines.ContainsKey(figure.Name)).Select(figure => BenchmarkSteps.Of(figure, baselines[figure.Name], within, beside)).ToList();
        var faster = accepted.Where(state => compared.Exists(step => step.IsSlowerThan(state, tolerance))).Select(state => state.Snapshot).ToList();
        return (compared.ConvertAll(step => step.Signal), faster);
    }

    internal static BenchmarkSignal Signal(Figure now, Figure baseline) =>
        new(now.Name, now.Value, SpreadOf(now), baseline.Value, SpreadOf(baseline), IsRate(now.Unit));

    private static IEnumerable<BenchmarkSignal> Against(CheckedState state, Dictionary<string, Figure> baselines) =>
        state.Figures.Where(figure => baselines.GetValueOrDefault(figure.Name)?.Unit == figure.Unit).Select(figure => Signal(figure, baselines[figure.Name]));

    /// <summary>
    /// The states with counted tests of which none newly failed against the one of these before, the newest first. Only so many checks are
    /// looked at, and the oldest of them, which stands for all before, must not be one that a trigger tripped at.
    /// </summary>
    private static List<CheckedState> WithoutNewFailures(IReadOnlyList<CheckedState> earlier)
    {
        var good = new List<CheckedState>();
        foreach (var state in earlier.Reverse().Where(state => state.Tests is not null))
        {
            if (good.Count == 0 ? !state.IsTripped : NewlyFailing(state, good[0]).Count == 0)
            {
                good.Insert(0, state);
            }
        }

        return good;
    }

    /// <summary>All but the states whose tests failed, where they had not before.</summary>
    private static List<CheckedState> Sound(IReadOnlyList<CheckedState> earlier)
    {
        var broken = earlier.Where(state => state.IsTestPassed == false).Except(WithoutNewFailures(earlier)).Select(state => state.Snapshot).ToHashSet();
        return [.. earlier.Where(state => !broken.Contains(state.Snapshot))];
    }

    private static Figure? Fastest(List<CheckedState> states, Figure like)
    {
        var same = states.SelectMany(state => state.Figures).Where(figure => figure.Name == like.Name && figure.Unit == like.Unit && figure.Value > 0);
        return IsRate(like.Unit) ? same.MaxBy(figure => figure.Value) : same.MinBy(figure => figure.Value);
    }

    private static double? SpreadOf(Figure figure) => figure.Value > 0 && figure.Spread is { } spread ? spread / figure.Value : null;

    private static bool IsRate(string unit) => RateUnits.Contains(unit, StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<string> NewlyFailing(CheckedState state, CheckedState baseline)
    {
        if (state.Failing is { } failing && baseline.Failing is { } failed)
        {
            return [.. failing.Except(failed, StringComparer.Ordinal)];
        }

        // Without names only their number is known, and each gets one.
        var more = (state.Tests?.Failed ?? 0) - (baseline.Tests?.Failed ?? 0);
        return more <= 0 ? [] : [.. Enumerable.Range(1, (int)Math.Min(more, 1000)).Select(index => $"unnamed test {index}")];
    }
}
