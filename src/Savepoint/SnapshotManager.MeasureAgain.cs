using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint;

/// <content>Benchmarks that look slow are run again: of a single number nobody can tell how much of it is noise.</content>
public sealed partial class SnapshotManager
{
    /// <summary>How often in all: the least from which a median and a spread say something.</summary>
    private const int MeasuredRuns = 5;

    /// <summary>
    /// Runs a check's benchmarks again if one is slower than a policy allows: one that ran once until it has a median and a spread, which are
    /// recorded; and then in turn with the newest state that was not too slow, in copies of both (docs/design/decisions.md).
    /// </summary>
    /// <param name="check">How the check ended.</param>
    /// <param name="policies">The threshold, and whether anybody looks at it.</param>
    /// <param name="options">How commands run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the command that runs; what was recorded before stays.</param>
    /// <returns>The check with what was measured; the same, if there was no need.</returns>
    public async Task<CheckResult> MeasureAgainAsync(CheckResult check, PolicyOptions policies, CheckOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(policies);
        options ??= new CheckOptions();
        options.Validate();
        if (policies.Rollback.OnPerformanceDrop == PolicyMode.Off || check.Of(CheckKind.Bench) is not { Outcome: CheckOutcome.Passed } bench)
        {
            return check;
        }

        var repeated = IsSlowOnce(check.Verification, policies) ? await RepeatAsync(check, bench.Command, options, cancellationToken).ConfigureAwait(false) : check;
        return await MeasureBesideAsync(repeated, bench.Command, policies, options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CheckResult> RepeatAsync(CheckResult check, string command, CheckOptions options, CancellationToken cancellationToken)
    {
        var runs = new List<IReadOnlyList<Figure>> { check.Verification.Figures };
        while (runs.Count < MeasuredRuns)
        {
            var again = await CheckAsync(new CheckCommands(null, null, command), options, cancellationToken).ConfigureAwait(false);
            if (again.Snapshot != check.Snapshot || !again.IsPassed)
            {
                return check; // the tree is another, or the command fails now: what was measured first is all there is
            }

            runs.Add(again.Verification.Figures);
        }

        var figures = check.Verification.Figures.Select(figure => Median(figure, [.. runs.SelectMany(run => run).Where(other => other.Name == figure.Name && other.Unit == figure.Unit).Select(other => other.Value)])).ToList();
        return check with { Verification = Record(check.Verification with { Id = 0, Time = _options.Time.GetUtcNow(), Figures = figures }) };
    }

    private bool IsSlowOnce(Verification verification, PolicyOptions policies)
    {
        var signals = new CheckHistory(_store, verification, ComparedCount).Signals(policies, []);
        return signals.Benchmarks.Any(benchmark => !benchmark.IsRepeated && benchmark.Slowdown > policies.Rollback.PerformanceDropThreshold);
    }

    private static Figure Median(Figure figure, List<double> values)
    {
        values.Sort();
        var mean = values.Average();
        var median = values.Count % 2 == 1 ? values[values.Count / 2] : (values[(values.Count / 2) - 1] + values[values.Count / 2]) / 2;
        return values.Count < 2 ? figure : figure with { Value = median, Spread = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)) };
    }
}
