using System.Globalization;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint;

/// <content>Finding the snapshot that broke something.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Finds, by halving, the first snapshot after a good one at which a command fails. It runs in a copy of the workspace, which is not touched; nothing is
    /// recorded. Exit codes count as in git's <c>bisect run</c>: 0 is good, 125 cannot be told, others below 128 are bad, 128 and above call it off.
    /// </summary>
    /// <param name="good">A state at which it works.</param>
    /// <param name="bad">A later state, that came of it, at which it does not; null for the head.</param>
    /// <param name="command">One line for <c>/bin/sh -c</c>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends what runs, and takes the copy away.</param>
    /// <exception cref="SavepointException">There is no such snapshot, or the good one does not lead to the bad one.</exception>
    public Task<BisectResult> BisectAsync(SnapshotNumber good, SnapshotNumber? bad, string command, BisectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        options ??= new BisectOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Repetitions, 1);
        return BisectAsync(good, bad, BisectProbes.Command(command), options, cancellationToken);
    }

    /// <summary>
    /// Finds, by halving, the first snapshot at which what a check found fails, and records it with the decision's analysis: the tests that newly
    /// fail, or the build. The check's own commands run in a copy of the workspace, which is not touched; it may take as long as some checks.
    /// </summary>
    /// <param name="check">The check.</param>
    /// <param name="decision">What was decided about it; what was decided may be done already.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends what runs, and takes the copy away; the decision stays as it is.</param>
    /// <returns>The decision with what was found out; the same, if it has no analysis, or the first bad snapshot stands in it already.</returns>
    /// <exception cref="SavepointException">The store cannot be used, or there is no room for a copy.</exception>
    public async Task<Decision> FindFirstBadAsync(CheckResult check, Decision decision, BisectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(decision);
        if (decision is not { Analysis: { FirstBad: null } analysis, Target: { } good })
        {
            return decision;
        }

        var result = await BisectAsync(good, check.Snapshot, BisectProbes.Failure(check, decision.Rule == PolicyRule.TestFailure ? analysis.Failing : null), options ?? new BisectOptions(), cancellationToken).ConfigureAwait(false);
        var found = result.Ending switch
        {
            BisectEnding.Found => FailureAnalyzer.Found(analysis, result.Culprit, result.Good, isRolledBack: decision.Outcome == DecisionOutcome.Done),
            BisectEnding.Narrowed => FailureAnalyzer.Narrowed(analysis, result.Good, result.Bad, result.Untold),
            _ => FailureAnalyzer.Elsewhere(analysis, result.Ending == BisectEnding.GoodIsBad ? result.Good : result.Bad, fails: result.Ending == BisectEnding.GoodIsBad),
        };
        return _store.Settle(decision with { Analysis = found }, decision.Outcome, decision.Result);
    }

    private async Task<BisectResult> BisectAsync(SnapshotNumber good, SnapshotNumber? bad, BisectProbe probe, BisectOptions options, CancellationToken cancellationToken)
    {
        var started = _options.Time.GetTimestamp();
        var last = bad ?? Head!.Value;
        var states = StatesBetween(good, last);
        var mark = BeginTrial(string.Create(CultureInfo.InvariantCulture, $"bisect-{Environment.ProcessId}-{started:x}"));
        try
        {
            // A copy and no overlay: it is taken from state to state, and what the command builds in it is built on.
            var trial = await Trial.CreateAsync(this, mark, mark.Prefix, last, Isolation.Copy, isOfWholeTree: true, options.TimeLimit, cancellationToken).ConfigureAwait(false);
            try
            {
                var result = await new BisectRun(this, states, probe, options).RunAsync(trial, cancellationToken).ConfigureAwait(false);
                return result with { Elapsed = _options.Time.GetElapsedTime(started) };
            }
            finally
            {
                await trial.DiscardAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            EndTrial(mark);
        }
    }

    /// <summary>The snapshots on the way from one to another that changed something, both included, the oldest first.</summary>
    private List<SnapshotNumber> StatesBetween(SnapshotNumber good, SnapshotNumber bad) => _store.ReadConsistently(() =>
    {
        _ = GetSnapshot(good);
        var (states, number) = (new List<SnapshotNumber>(), (SnapshotNumber?)bad);
        for (; number is { } next && next > good;)
        {
            var snapshot = _store.FindHeader(next) ?? throw RevisionResolver.Unknown($"snapshot {next}", $"The newest is {Head}.");
            if (states.Count == 0 || !_store.IsIdle(snapshot))
            {
                states.Add(next);
            }

            number = snapshot.Parent;
        }

        if (number != good || states.Count == 0)
        {
            throw new SavepointException(
                ErrorCode.UnknownRevision,
                good == bad ? $"Good and bad are the same snapshot, {good}." : $"Snapshot {good} does not lead to snapshot {bad}.",
                "Name a good snapshot before the bad one: 'savepoint log' shows them, 'log --graph --all' with their branches.");
        }

        states.Add(good);
        states.Reverse();
        return states;
    });
}
