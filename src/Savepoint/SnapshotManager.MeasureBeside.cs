using System.Globalization;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint;

/// <content>
/// A drop is measured once more beside the state that it is a drop from: the figures of different hours are those of different machines, and
/// the lowest of many is too low. Both states run in turn, each in a copy of its own.
/// </content>
public sealed partial class SnapshotManager
{
    /// <summary>How often each state is measured, if its command repeats what it measures; <see cref="MeasuredRuns"/> times if not.</summary>
    private const int MeasuredRounds = 3;

    /// <summary>Measures a check's state in turn with the newest one that was not too slow, if its benchmarks would trip a policy.</summary>
    private async Task<CheckResult> MeasureBesideAsync(CheckResult check, string command, PolicyOptions policies, CheckOptions options, CancellationToken cancellationToken)
    {
        var signals = new CheckHistory(_store, check.Verification, ComparedCount).Signals(policies, []);
        if (new SnapshotDecisionEngine(policies).Decide(signals) is not { Rule: PolicyRule.PerformanceDrop }
            || signals.Benchmarks.Select(benchmark => benchmark.Step?.Before).FirstOrDefault(state => state is not null) is not { } before
            || _store.FindHeader(before) is null)
        {
            return check;
        }

        var mark = BeginTrial(string.Create(CultureInfo.InvariantCulture, $"measure-{Environment.ProcessId}-{_options.Time.GetTimestamp():x}"));
        try
        {
            var rounds = check.Verification.Figures.All(figure => figure.Spread is not null) ? MeasuredRounds : MeasuredRuns;
            return check with { Beside = await InTurnAsync(mark, check, before, command, rounds, options, cancellationToken).ConfigureAwait(false) };
        }
        catch (SavepointException)
        {
            return check; // no room for copies, or the state's contents are no more: then the drop is only suggested
        }
        finally
        {
            EndTrial(mark);
        }
    }

    private async Task<BesideMeasurement?> InTurnAsync(TrialMark mark, CheckResult check, SnapshotNumber before, string command, int rounds, CheckOptions options, CancellationToken cancellationToken)
    {
        var earlier = await CopyOfAsync("before", before).ConfigureAwait(false);
        try
        {
            var later = await CopyOfAsync("now", check.Snapshot).ConfigureAwait(false);
            try
            {
                var (past, now) = (new List<IReadOnlyList<Figure>>(), new List<IReadOnlyList<Figure>>());
                var isMeasured = await BuildsAsync(earlier).ConfigureAwait(false) && await BuildsAsync(later).ConfigureAwait(false);
                while (isMeasured && now.Count < rounds)
                {
                    isMeasured = await RunsAsync(earlier, past).ConfigureAwait(false) && await RunsAsync(later, now).ConfigureAwait(false);
                }

                return isMeasured ? new BesideMeasurement(before, Medians(past), Medians(now)) : null;
            }
            finally
            {
                await later.DiscardAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await earlier.DiscardAsync().ConfigureAwait(false);
        }

        Task<Trial> CopyOfAsync(string name, SnapshotNumber state) =>
            Trial.CreateAsync(this, mark, $"{mark.Prefix}/{name}", state, Isolation.Copy, isOfWholeTree: true, options.TimeLimit, cancellationToken);

        async Task<bool> BuildsAsync(Trial trial) => check.Verification.Commands.Build is not { } build
            || (await trial.CheckAsync(CheckKind.Build, build, options.Environment, cancellationToken).ConfigureAwait(false)).Outcome == CheckOutcome.Passed;

        async Task<bool> RunsAsync(Trial trial, List<IReadOnlyList<Figure>> runs)
        {
            var run = await trial.CheckAsync(CheckKind.Bench, command, options.Environment, cancellationToken).ConfigureAwait(false);
            runs.Add(run.Figures);
            return run.Outcome == CheckOutcome.Passed;
        }
    }

    /// <summary>What runs come to. They spread as they lie apart, or as far as each of them spread by itself, if that is more.</summary>
    private static List<Figure> Medians(List<IReadOnlyList<Figure>> runs) =>
    [
        .. runs[0].Select(figure =>
        {
            var own = runs.SelectMany(run => run).Where(other => other.Name == figure.Name && other.Unit == figure.Unit).ToList();
            var median = Median(figure, own.ConvertAll(other => other.Value));
            var within = own.Select(other => other.Spread ?? 0).Order().ElementAt(own.Count / 2);
            return median with { Spread = Math.Max(median.Spread ?? 0, within) };
        }),
    ];
}
