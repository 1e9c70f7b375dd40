using Savepoint.Model;
using Savepoint.Restoring;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Carrying on a restore whose process died.</content>
public sealed partial class SnapshotManager
{
    /// <summary>Finishes a restore whose process died. Changes made since then are recorded first.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        if (_store.Journal.Unfinished(Branch) is null)
        {
            return;
        }

        using var held = await WorkspaceLock.ExclusiveAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        FinishInterrupted(cancellationToken);
    }

    /// <summary>As <see cref="RecoverAsync"/>, the workspace lock being held exclusively. Whether nothing is left to finish.</summary>
    private bool FinishInterrupted(CancellationToken cancellationToken)
    {
        if (_store.Journal.Unfinished(Branch) is not { } pending)
        {
            return true; // its process was alive, and has ended it meanwhile
        }

        var plan = RestorePlan.FromJournal(pending.Steps);
        Restorer().CleanUp(plan, pending.Id);
        var foreign = pending.Steps.Where(IsForeign).Select(step => step.Path).ToList();
        var drift = Record(foreign, SnapshotKind.Drift, new CaptureContext { Message = "changed while an interrupted restore waited" }, wholeTree: false, cancellationToken).Snapshot;
        if (foreign.Count > 0)
        {
            // Recording a path records the directories above it too, so any step may have another state before it now.
            var head = Head!.Value;
            plan = RestorePlan.FromJournal([.. pending.Steps.Select(step => step with { Before = _store.StateAt(head, step.Path) })]);
        }

        var request = new RestoreRequest(pending.Draft.Kind, pending.Draft.Target ?? Head!.Value, null, WholeTree: false, DryRun: false, CaptureContext.None);
        var outcome = Restorer().Run(plan, pending.Id);
        if (outcome == RestoreOutcome.Done)
        {
            var snapshot = Commit(pending with { Steps = plan.Steps });
            Recovered = Result(request, RestoreEnding.Restored, plan, []) with { Snapshot = snapshot, Drift = drift?.Number, IsVerified = true };
            return true;
        }

        if (outcome.IsTakenBack)
        {
            _store.Journal.Abandon(pending);
        }

        Recovered = Result(request, RestoreEnding.Failed, plan, [], outcome) with { Drift = drift?.Number };
        return outcome.IsTakenBack;
    }

    private void FinishInterruptedOrFail(CancellationToken cancellationToken)
    {
        if (!FinishInterrupted(cancellationToken))
        {
            var stuck = Recovered!.Files.FirstOrDefault(file => file.Result == RestoreFileResult.Failed);
            throw new SavepointException(ErrorCode.RestoreFailed, $"An earlier restore could neither be finished nor taken back. {stuck?.Reason}", "Clear what stands in its way and repeat the command.");
        }
    }

    private bool IsForeign(RestoreStep step) =>
        ReadNow(step.Path) is { } now && now != step.Before && now != step.After && !Restoring.Restorer.IsBetween(step, now);
}
