using Savepoint.Experiments;
using Savepoint.Model;

namespace Savepoint;

/// <summary>A bisection under way: the states in a row, the search over them, one working copy that is taken from one to the next, so that a build in it stays incremental.</summary>
internal sealed class BisectRun(SnapshotManager workspace, IReadOnlyList<SnapshotNumber> states, BisectProbe probe, BisectOptions options)
{
    private readonly BisectSearch _search = new(states.Count, options.Repetitions);
    private readonly List<BisectedState> _runs = [];
    private readonly Dictionary<int, string> _outputs = [];

    /// <summary>Runs the command until it is known where it broke.</summary>
    public async Task<BisectResult> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        var isAborted = false;
        while (!isAborted && _search.Next() is { } index)
        {
            trial.Manager.ResetTo(states[index], cancellationToken);
            var (run, output) = await probe(trial, states[index], cancellationToken).ConfigureAwait(false);
            _runs.Add(run);
            options.Progress?.Report(run);
            isAborted = run.ExitCode >= BisectedState.AbortCode;
            var verdict = run.IsGood switch { true => BisectVerdict.Good, null => BisectVerdict.Skip, _ => BisectVerdict.Bad };
            if (verdict == BisectVerdict.Bad)
            {
                _outputs.TryAdd(index, output);
            }

            if (!isAborted)
            {
                _search.Add(index, verdict);
            }
        }

        return Result(isAborted);
    }

    private BisectResult Result(bool isAborted)
    {
        var bad = states[_search.FirstBad];
        return new BisectResult(isAborted ? BisectEnding.Aborted : Ending(), states[_search.LastGood], bad)
        {
            Culprit = workspace.GetSnapshot(bad),
            Untold = [.. _search.Untold.Select(index => states[index])],
            StateCount = states.Count,
            Runs = _runs,
            IsFlaky = _search.IsFlaky,
            Output = _outputs.GetValueOrDefault(_search.FirstBad, ""),
        };
    }

    private BisectEnding Ending() => _search.End switch
    {
        BisectEnd.Found => BisectEnding.Found,
        BisectEnd.Skipped => BisectEnding.Narrowed,
        BisectEnd.GoodIsBad => BisectEnding.GoodIsBad,
        _ => BisectEnding.BadIsGood,
    };
}
