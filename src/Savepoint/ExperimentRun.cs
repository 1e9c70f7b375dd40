using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Savepoint.Experiments;
using Savepoint.Model;

namespace Savepoint;

/// <summary>
/// One experiment under way. In: approaches, an evaluation, a base. Out: what came of each, ranked. Each approach goes through its gates in
/// a slot of its own; those that passed are then measured together, one command at a time, the base among them to compare with.
/// </summary>
internal sealed class ExperimentRun : IAsyncDisposable
{
    private readonly SnapshotManager _workspace;
    private readonly TrialMark _mark;
    private readonly SnapshotNumber _base;
    private readonly Evaluation _evaluation;
    private readonly ExperimentOptions _options;
    private readonly bool _hasCode;
    private readonly bool _isOfWholeTree;
    private readonly ConcurrentDictionary<string, Trial> _trials = new();
    private readonly Lock _telling = new();

    /// <param name="workspace">What is tried in.</param>
    /// <param name="mark">What its branches and processes are known by.</param>
    /// <param name="start">Where each approach begins.</param>
    /// <param name="isOfWholeTree">Whether all of the workspace was looked at then.</param>
    /// <param name="approaches">What to try.</param>
    /// <param name="evaluation">How they are compared.</param>
    /// <param name="options">How they are tried.</param>
    public ExperimentRun(SnapshotManager workspace, TrialMark mark, SnapshotNumber start, bool isOfWholeTree, IReadOnlyList<Approach> approaches, Evaluation evaluation, ExperimentOptions options)
    {
        (_workspace, _mark, _base, _isOfWholeTree, _evaluation, _options) = (workspace, mark, start, isOfWholeTree, evaluation, options);
        _hasCode = approaches.Any(approach => approach.Work is not null);
        Approaches = approaches;
    }

    public IReadOnlyList<Approach> Approaches { get; }

    /// <summary>What was found out about the base; null if nobody looked.</summary>
    public ApproachResult? Baseline { get; private set; }

    /// <summary>The form of the working copies and why; null before the first is made.</summary>
    public BranchSummary? First { get; private set; }

    private bool IsMeasured => _evaluation.Commands.Bench is not null || _evaluation.Metrics.Count > 0;

    /// <summary>Carries all of it out.</summary>
    public async Task<IReadOnlyList<ApproachResult>> RunAsync(CancellationToken cancellationToken)
    {
        var results = await TryAllAsync(cancellationToken).ConfigureAwait(false);
        if (results.Any(result => result is { Test: CheckOutcome.Failed, Tests: not null }) || (IsMeasured && results.Any(IsThrough)))
        {
            Baseline = await LookAtBaseAsync(results, cancellationToken).ConfigureAwait(false);
            results = [.. results.Select(result => TestGate.Decide(result, Baseline, _evaluation.MinPassShare))];
        }

        foreach (var result in results.Where(result => !IsThrough(result)))
        {
            Tell(result.Name, ExperimentStep.Out, note: Gates.Failure(result));
        }

        var measured = await MeasureAsync(results, cancellationToken).ConfigureAwait(false);
        return Ranking.Evaluate(WithComplexity(measured, cancellationToken), Baseline, _evaluation.Weights);
    }

    /// <summary>Takes the working copies away, or leaves them as their approaches left what is recorded.</summary>
    /// <param name="keeps">Whether they stay.</param>
    /// <exception cref="SavepointException">One could not be deleted or reset. All others were.</exception>
    public async Task EndAsync(bool keeps)
    {
        if (await EndAllAsync(keeps).ConfigureAwait(false) is [var first, ..])
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>Takes away what is left because of an exception, which says more than one that this would end with: what stays is left to the next opening.</summary>
    public async ValueTask DisposeAsync() => await EndAllAsync(keeps: false).ConfigureAwait(false);

    private async Task<List<Exception>> EndAllAsync(bool keeps)
    {
        var failures = new List<Exception>();
        foreach (var name in _trials.Keys)
        {
            try
            {
                if (_trials.TryRemove(name, out var trial))
                {
                    await EndAsync(trial, keeps && name.Length > 0).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is SavepointException or IOException or UnauthorizedAccessException)
            {
                failures.Add(e);
            }
        }

        return failures;
    }

    private static async Task EndAsync(Trial trial, bool keeps)
    {
        if (!keeps)
        {
            await trial.DiscardAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            trial.Manager.ResetToHead();
        }
        finally
        {
            await trial.KeepAsync().ConfigureAwait(false);
        }
    }

    private async Task<List<ApproachResult>> TryAllAsync(CancellationToken cancellationToken)
    {
        var results = new ApproachResult[Approaches.Count];
        var jobs = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(_options.JobCount, Approaches.Count), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, results.Length, jobs, async (i, cancellation) => results[i] = await TryAsync(Approaches[i], cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. results];
    }

    private async Task<ApproachResult> TryAsync(Approach approach, CancellationToken cancellationToken)
    {
        Tell(approach.Name, ExperimentStep.Copying);
        var trial = await MakeTrialAsync(approach.Name, $"{_mark.Prefix}/{approach.Name}", cancellationToken).ConfigureAwait(false);
        Tell(approach.Name, ExperimentStep.Working);
        var result = await ApproachWork.CarryOutAsync(trial, approach, _options, cancellationToken).ConfigureAwait(false);
        result = Gates.Reached(result) == 0 ? result : await CheckAsync(trial, result, approach.Name, withTests: true, cancellationToken).ConfigureAwait(false);
        Tell(approach.Name, ExperimentStep.Waiting);
        return result;
    }

    /// <summary>The base, to compare with: built if something of it is to be run, tested only if some approach's tests fail.</summary>
    private async Task<ApproachResult> LookAtBaseAsync(List<ApproachResult> results, CancellationToken cancellationToken)
    {
        Tell(null, ExperimentStep.Copying);
        var trial = await MakeTrialAsync("", _mark.Prefix, cancellationToken).ConfigureAwait(false);
        var untouched = new ApproachResult("base", null) { Branch = trial.Branch.Name, Snapshot = _base, ExitCode = 0 };
        return await CheckAsync(trial, untouched, null, results.Any(result => result.Test == CheckOutcome.Failed), cancellationToken).ConfigureAwait(false);
    }

    private async Task<Trial> MakeTrialAsync(string name, string branch, CancellationToken cancellationToken)
    {
        var isolation = _options.Isolation ?? (_hasCode || _options.KeepsCopies ? Isolation.Copy : null);
        var trial = await Trial.CreateAsync(_workspace, _mark, branch, _base, isolation, _isOfWholeTree, _options.TimeLimit, cancellationToken).ConfigureAwait(false);
        _trials[name] = trial;
        First ??= trial.Branch;
        return trial;
    }

    private async Task<ApproachResult> CheckAsync(Trial trial, ApproachResult result, string? name, bool withTests, CancellationToken cancellationToken)
    {
        if (_evaluation.Commands.Build is { } build)
        {
            Tell(name, ExperimentStep.Building);
            var built = await trial.CheckAsync(CheckKind.Build, build, cancellationToken).ConfigureAwait(false);
            result = result with { Build = built.Outcome, BuildReason = built.Reason, Output = Joined(result.Output, built) };
            if (built.Outcome != CheckOutcome.Passed)
            {
                return result;
            }
        }

        if (withTests && _evaluation.Commands.Test is { } test)
        {
            Tell(name, ExperimentStep.Testing);
            var tested = await trial.CheckAsync(CheckKind.Test, test, cancellationToken).ConfigureAwait(false);
            result = result with
            {
                Test = tested.Outcome,
                TestReason = tested.Outcome == CheckOutcome.Passed ? null : tested.Reason,
                Tests = tested.Tests,
                FailingTests = tested.FailingTests,
                Output = Joined(result.Output, tested),
            };
        }

        return result;
    }

    private async Task<IReadOnlyList<ApproachResult>> MeasureAsync(List<ApproachResult> results, CancellationToken cancellationToken)
    {
        if (!IsMeasured)
        {
            return results;
        }

        var contenders = results.Where(IsThrough).Select(result => new MeasuredTrial(result.Name, _trials[result.Name], _evaluation)).ToList();
        if (contenders.Count > 0 && Baseline is { Build: CheckOutcome.NotRun or CheckOutcome.Passed })
        {
            contenders.Add(new MeasuredTrial("", _trials[""], _evaluation));
        }

        await MeasureRoundsAsync(contenders, cancellationToken).ConfigureAwait(false);
        ApproachResult With(ApproachResult result, string name) => contenders.Find(contender => contender.Name == name) is { } measured
            ? result with { Metrics = [.. measured.Measurements(), .. result.Metrics], Unmeasured = [.. measured.Problems] }
            : result;
        Baseline = Baseline is null ? null : With(Baseline, "");
        return [.. results.Select(result => With(result, result.Name))];
    }

    private IReadOnlyList<ApproachResult> WithComplexity(IReadOnlyList<ApproachResult> results, CancellationToken cancellationToken)
    {
        var through = results.Where(IsThrough).ToList();
        var changes = through.ConvertAll(result => _workspace.GetSnapshot(result.Snapshot!.Value).Changes);
        if (ApproachComplexity.Measure(changes, _workspace.Contents, cancellationToken) is not { } sums)
        {
            return results;
        }

        ApproachResult With(ApproachResult result, double sum) => result with { Metrics = [.. result.Metrics, new Measurement(Measurement.Complexity, "", MetricDirection.Minimize, [sum])] };

        // Of the base it is to compare with, where it counts.
        Baseline = Baseline is not null && _evaluation.Weights.GetValueOrDefault(Measurement.Complexity) > 0 ? With(Baseline, sums[^1]) : Baseline;
        return [.. results.Select(result => through.IndexOf(result) is >= 0 and var place ? With(result, sums[place]) : result)];
    }

    private async Task MeasureRoundsAsync(List<MeasuredTrial> contenders, CancellationToken cancellationToken)
    {
        var plan = new RoundPlan(_evaluation.MinRoundCount, _evaluation.MaxRoundCount, _evaluation.Precision);
        var started = _workspace.Time.GetTimestamp();
        for (var round = 0; plan.NeedsAnother(round, _workspace.Time.GetElapsedTime(started), _evaluation.Budget, [.. contenders.SelectMany(contender => contender.Measurements())]); round++)
        {
            foreach (var contender in RoundPlan.Order(contenders, round))
            {
                Tell(contender.Name.Length == 0 ? null : contender.Name, ExperimentStep.Measuring, round + 1);
                await contender.MeasureAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsThrough(ApproachResult result) => Gates.Failure(result) is null;

    private static string Joined(string output, CheckedCommand checkedCommand) =>
        checkedCommand.Outcome == CheckOutcome.Passed ? output : $"{output}$ {checkedCommand.Command}\n{Tail(checkedCommand.Output)}";

    private static string Tail(string output)
    {
        const int MaxLength = 16 * 1024;
        return output.Length <= MaxLength ? output : output[^MaxLength..];
    }

    private void Tell(string? approach, ExperimentStep step, int round = 0, string? note = null)
    {
        lock (_telling)
        {
            _options.Progress?.Report(new ExperimentProgress(approach, step, round, note));
        }
    }
}
