using System.Globalization;
using Savepoint.Experiments;
using Savepoint.Model;

namespace Savepoint;

/// <summary>
/// Tries several approaches from one base, each in a working copy of its own, measures them all alike and ranks them (the seed's
/// ExperimentalProgramming; docs/design/experiments.md).
/// </summary>
/// <remarks>Thread-safe. Nothing it does touches the workspace before a merge that is asked for.</remarks>
public sealed class ExperimentManager
{
    private const string Prefix = "try-";

    private readonly SnapshotManager _workspace;

    /// <param name="workspace">What is tried in, and has the history. Not disposed of here.</param>
    public ExperimentManager(SnapshotManager workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        _workspace = workspace;
    }

    /// <summary>
    /// Carries out approaches, each from the workspace as it is now, puts them through the gates, measures those that pass, and ranks them. (The seed's
    /// tryApproaches.) What each did is a branch with one snapshot, whose working copy goes; its history stays until clean-up.
    /// </summary>
    /// <param name="approaches">At least one, each with a name of its own.</param>
    /// <param name="evaluation">How they are compared; null for <see cref="Evaluation.None"/>.</param>
    /// <param name="options">How they are tried; null for <see cref="ExperimentOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends what runs, takes the working copies away, and is then thrown; once the merge writes it is ignored.</param>
    /// <returns>A failed approach is a result, as is a merge that conflicts.</returns>
    /// <exception cref="ArgumentException">There is no approach, or an option is outside its range.</exception>
    /// <exception cref="SavepointException">A name is refused, or there is no room.</exception>
    public async Task<ExperimentResult> TryApproachesAsync(
        IReadOnlyList<Approach> approaches, Evaluation? evaluation = null, ExperimentOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(approaches);
        evaluation ??= Evaluation.None;
        options ??= ExperimentOptions.Default;
        evaluation.Validate();
        options.Validate();
        RefuseNames(approaches);
        var captured = await _workspace.CaptureAsync(null, options.Context with { Message = "unrecorded changes, found before an experiment" }, cancellationToken).ConfigureAwait(false);
        var start = _workspace.Head!.Value;
        var started = _workspace.Time.GetTimestamp();
        var experiment = _workspace.ExperimentRows.Begin(new Experiment(0, _workspace.Branch, start, _workspace.Time.GetUtcNow()) { Commands = evaluation.Commands }, NameOf);
        var mark = _workspace.MarkOf(NameOf(experiment.Id));
        try
        {
            var run = new ExperimentRun(_workspace, mark, start, !captured.Coverage.IsCutShort, approaches, evaluation, options);
            experiment = await RunAsync(experiment, run, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _workspace.ExperimentRows.Abandon(experiment.Id, failure is OperationCanceledException ? ExperimentState.Cancelled : ExperimentState.Abandoned);
            throw;
        }
        finally
        {
            _workspace.EndTrial(mark, keeps: options.KeepsCopies && experiment.State == ExperimentState.Done);
        }

        var merge = options.MergesBest && experiment.Winner is { } winner
            ? await MergeBranchAsync(experiment, winner, null, options.Context, cancellationToken).ConfigureAwait(false)
            : null;
        experiment = experiment with { Merged = merge?.Restore.Snapshot, Elapsed = _workspace.Time.GetElapsedTime(started) };
        _workspace.ExperimentRows.Update(experiment);
        return new ExperimentResult(experiment, captured.Snapshot?.Number, merge);
    }

    /// <summary>
    /// Ranks what came of approaches: gates first, then what was measured, by weight; what differs by no more than its noise is a tie. (The seed's
    /// evaluateAndRank.) Pure.
    /// </summary>
    /// <param name="results">What came of each, in the order in which they were given.</param>
    /// <param name="evaluation">Has the weights; null for all alike.</param>
    /// <param name="baseline">What was found out about the base; null if nothing was.</param>
    /// <returns>The same, the best first, with places and reasons.</returns>
    public static IReadOnlyList<ApproachResult> EvaluateAndRank(IReadOnlyList<ApproachResult> results, Evaluation? evaluation = null, ApproachResult? baseline = null)
    {
        ArgumentNullException.ThrowIfNull(results);
        return Ranking.Evaluate(results, baseline, (evaluation ?? Evaluation.None).Weights);
    }

    /// <summary>The one to take of ranked results: the first, if it passed all gates. (The seed's selectOptimalBranch.)</summary>
    /// <param name="ranked">As <see cref="EvaluateAndRank"/> returns them.</param>
    /// <returns>Null if none passed.</returns>
    public static ApproachResult? SelectOptimalBranch(IReadOnlyList<ApproachResult> ranked)
    {
        ArgumentNullException.ThrowIfNull(ranked);
        return ranked.FirstOrDefault(result => result.IsEligible);
    }

    /// <summary>Merges what an approach did into the branch that is worked on, which may have moved on, three-way. (The seed's mergeBranch.)</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="approach">The approach's name; the winner's or another's.</param>
    /// <param name="merge">How; null for the default: a conflict writes nothing.</param>
    /// <param name="context">Who asks for it.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    /// <exception cref="SavepointException">There is no such approach, or its history was freed.</exception>
    public Task<MergeResult> MergeBranchAsync(Experiment experiment, string approach, MergeOptions? merge = null, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var branch = experiment.Approaches.FirstOrDefault(result => result.Name == approach)?.Branch
            ?? throw new SavepointException(ErrorCode.UnknownRevision, $"Experiment {experiment.Id} has no approach '{approach}'.", $"'savepoint experiments show {experiment.Id}' lists them.");
        context ??= CaptureContext.None;
        return _workspace.MergeBranchAsync(branch, merge, context with { Message = context.Message ?? $"merge of approach {approach}, experiment {experiment.Id}" }, cancellationToken);
    }

    /// <summary>Experiments, the newest first.</summary>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<Experiment> Experiments(int count = int.MaxValue) => _workspace.ExperimentRows.Newest(count);

    /// <summary>An experiment by its number; null if there is none.</summary>
    public Experiment? Find(long id) => _workspace.ExperimentRows.Find(id);

    /// <summary>The beginning of an experiment's branches' names.</summary>
    internal static string NameOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id}");

    /// <summary>The experiment whose branches' names begin so; null if it is none's.</summary>
    internal static long? IdOf(string prefix) =>
        prefix.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(prefix.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private async Task<Experiment> RunAsync(Experiment experiment, ExperimentRun run, ExperimentOptions options, CancellationToken cancellationToken)
    {
        await using (run.ConfigureAwait(false))
        {
            var ranked = await run.RunAsync(cancellationToken).ConfigureAwait(false);
            await run.EndAsync(options.KeepsCopies).ConfigureAwait(false);
            if (options.KeepsCopies)
            {
                var kept = _workspace.Branches().ToDictionary(branch => branch.Name, branch => branch.Directory);
                ranked = [.. ranked.Select(result => result with { Directory = result.Branch is { } branch ? kept.GetValueOrDefault(branch) : null })];
            }

            var done = experiment with
            {
                State = ExperimentState.Done,
                Isolation = run.First?.Isolation ?? Isolation.Copy,
                IsolationReason = run.First?.Why,
                Winner = SelectOptimalBranch(ranked)?.Name,
                Baseline = run.Baseline,
                Approaches = ranked,
            };
            _workspace.ExperimentRows.Update(done);
            return done;
        }
    }

    // It is a branch's name behind its experiment's, whose number may be as long as the longest.
    private static string? NameProblem(string approach) => approach.Length == 0 ? Label.NameProblem(approach) : Label.NameProblem($"{NameOf(long.MaxValue)}/{approach}");

    private static void RefuseNames(IReadOnlyList<Approach> approaches)
    {
        if (approaches.Count == 0)
        {
            throw new ArgumentException("There is no approach to try.", nameof(approaches));
        }

        foreach (var approach in approaches)
        {
            if (NameProblem(approach.Name) is { } problem)
            {
                throw new SavepointException(ErrorCode.InvalidName, $"'{approach.Name}' cannot name an approach, whose branch is '{Prefix}ID/NAME': {problem}.", "Choose another name.");
            }
        }

        if (approaches.GroupBy(approach => approach.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"Two approaches are called '{twice.Key}'.", "Give each a name of its own.");
        }
    }
}
