using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Quality;

namespace Savepoint;

/// <content>What is decided once checks have run: signals from the history → decision → rollback, milestone or word.</content>
public sealed partial class SnapshotManager
{
    /// <summary>So many earlier verifications are compared with, and so many decisions looked at.</summary>
    private const int ComparedCount = 100;

    /// <summary>
    /// Decides what follows from a check, records the decision, and does what its policy may do by itself: goes back, or makes a
    /// milestone. A check of the same trouble as the one before gets the same answer and no second record. A benchmark that became slower is only ever
    /// suggested to go back from, unless <see cref="MeasureAgainAsync"/> has measured it beside an earlier state.
    /// </summary>
    /// <param name="check">How the check ended.</param>
    /// <param name="policies">What the policies may do; null for <see cref="SnapshotOptions.Policies"/>, and without those for nothing but a record.</param>
    /// <param name="context">Who asked for the check; a rollback is recorded as theirs.</param>
    /// <param name="cancellationToken">Ends it before anything is done.</param>
    /// <returns>The decision with what became of it.</returns>
    /// <exception cref="SavepointException">The store cannot be used, or what the decision asks for failed as a whole.</exception>
    public async Task<Decision> DecideAsync(CheckResult check, PolicyOptions? policies = null, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        policies ??= _options.Policies ?? new PolicyOptions { Rollback = new RollbackPolicy().Off(), Checkpoints = new CheckpointPolicy().Off() };
        policies.Validate();
        var history = await Task.Run(() => new CheckHistory(_store, check.Verification, ComparedCount), cancellationToken).ConfigureAwait(false);
        var signals = history.Signals(policies, ChangedFunctions(check.Snapshot, history.CheckedBefore, cancellationToken), check.Beside);
        var decision = WithAnalysis(new SnapshotDecisionEngine(policies).Decide(signals), check.Verification);
        if (history.SameAsBefore(decision) is { } before)
        {
            return before;
        }

        if (decision is { Mode: PolicyMode.Act } && PolicyAction.IsRollback(decision.Action) && Head != check.Snapshot && Head != check.Written)
        {
            decision = decision with { Mode = PolicyMode.Suggest, Reason = $"{decision.Reason} Something was recorded while the checks ran, so what they found is not what stands there now, and nothing was done." };
        }

        MeasureQuality(isChecked: true, cancellationToken);
        var settled = await CarryOutAsync(decision, context ?? CaptureContext.None, cancellationToken).ConfigureAwait(false);
        if (CheckHistory.IsQuiet(decision) && check.Verification is { Build: BuildResult.Passed } or { TestOutcome: CheckOutcome.Passed })
        {
            ReleaseDependencies(check.Snapshot);
        }

        return settled;
    }

    private async Task<Decision> CarryOutAsync(Decision decision, CaptureContext context, CancellationToken cancellationToken)
    {
        var isDone = decision.Mode == PolicyMode.Act && decision.Target is not null && (PolicyAction.IsRollback(decision.Action) || decision.Action == PolicyAction.CreateMilestoneSnapshot);
        if (!isDone)
        {
            return Record(decision with { Outcome = decision.Action == PolicyAction.None ? DecisionOutcome.None : DecisionOutcome.Suggested });
        }

        // Written first: whoever finds the tree rolled back finds out why, even if this process dies in between.
        var begun = Record(decision with { Outcome = DecisionOutcome.Begun });
        try
        {
            return decision.Action == PolicyAction.CreateMilestoneSnapshot
                ? await NameFeatureAsync(begun, cancellationToken).ConfigureAwait(false)
                : await GoBackAsync(begun, context, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _store.Settle(begun, DecisionOutcome.Failed, null);
            throw;
        }
    }

    private async Task<Decision> GoBackAsync(Decision begun, CaptureContext context, CancellationToken cancellationToken)
    {
        var message = $"rolled back by {begun.Rule}, decision {begun.Id}";
        var restored = await GoBackAsync(begun.Target!.Value, null, dryRun: false, context with { Message = message }, mayBeNothing: false, cancellationToken).ConfigureAwait(false);
        return restored.Ending == RestoreEnding.Failed
            ? _store.Settle(begun, DecisionOutcome.Failed, null)
            : _store.Settle(begun, DecisionOutcome.Done, restored.Snapshot?.ToString());
    }

    private async Task<Decision> NameFeatureAsync(Decision begun, CancellationToken cancellationToken)
    {
        var name = $"{FeaturePrefix}{begun.Target}";
        if (_store.FindLabel(name) is null)
        {
            await MilestoneAsync(name, begun.Target!.Value, cancellationToken).ConfigureAwait(false);
        }

        return _store.Settle(begun, DecisionOutcome.Done, name);
    }

    /// <summary>The functions that changed since the state that was checked before, or, where there is none, in the snapshot itself.</summary>
    private IReadOnlyList<FunctionChange> ChangedFunctions(SnapshotNumber snapshot, SnapshotNumber? before, CancellationToken cancellationToken)
    {
        var since = before ?? _store.FindHeader(snapshot)?.Parent;
        return since is { } from && from != snapshot ? QualityAnalyzer.Compare(Compare(from, snapshot), _store.Contents, cancellationToken) : [];
    }

    private Decision WithAnalysis(Decision decision, Verification verification)
    {
        if (decision.Target is not { } good || decision.Rule is not (PolicyRule.CompileError or PolicyRule.TestFailure))
        {
            return decision;
        }

        var isBuild = decision.Rule == PolicyRule.CompileError;
        var since = Since(good).Where(snapshot => snapshot.Number <= verification.Snapshot).Take(ComparedCount).Select(snapshot => _store.Find(snapshot.Number)!).ToList();
        var errors = isBuild ? verification.Errors.Select(error => (error.File, CheckHistory.ErrorLine(error))).ToList() : [];
        IEnumerable<string> failedThere = _store.Verifications.Of(good).Find(there => there.FailingTests is not null)?.FailingTests ?? [];
        return decision with { Analysis = FailureAnalyzer.Analyze(good, errors, isBuild ? [] : [.. decision.Cause.Split('\n').Except(failedThere)], since) };
    }

    /// <summary>What a change of dependencies was waiting for has come: its checkpoint has done its work.</summary>
    private void ReleaseDependencies(SnapshotNumber verified)
    {
        foreach (var label in _store.Labels().Where(label => label.Retention == Retention.UntilVerification && label.Snapshot < verified && label.Name.StartsWith(DependencyPrefix, StringComparison.Ordinal)))
        {
            _store.RemoveLabel(label.Name);
        }
    }
}
