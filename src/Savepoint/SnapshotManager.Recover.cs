using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Restoring;
using Savepoint.Storage;

namespace Savepoint;

/// <content>How a restore leaves the journal: committed, taken back, or, where its process died, carried on.</content>
public sealed partial class SnapshotManager
{
    /// <summary>Whether a restore was found here that can neither be finished nor taken back: captures go on beside it.</summary>
    private volatile bool _isStuck;

    /// <summary>
    /// The lock for captures. A restore whose process died is finished first, since a capture would record what it left half done as somebody's
    /// change: while the lock is shared no restore is at work, so one that the journal holds is of a dead process.
    /// </summary>
    internal async Task<WorkspaceLock> ShareAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = await WorkspaceLock.SharedAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
            if (_isStuck || !HasUnfinished(held))
            {
                return held;
            }

            held.Dispose();
            await RecoverAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool HasUnfinished(WorkspaceLock held)
    {
        try
        {
            return _store.Journal.HasUnfinished(Branch);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Finishes a restore whose process died. Changes made since then are recorded first.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        if (!_store.Journal.HasUnfinished(Branch))
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
            _isStuck = false;
            return true; // its process was alive, and has ended it meanwhile
        }

        Restorer().CleanUp(RestorePlan.FromJournal(pending.Steps), pending.Id);
        pending = OnHead(pending);
        var foreign = pending.Steps.Where(IsForeign).Select(step => step.Path).ToList();
        var drift = Record(foreign, SnapshotKind.Drift, new CaptureContext { Message = "changed while an interrupted restore waited" }, wholeTree: false, cancellationToken).Snapshot;
        pending = OnHead(pending); // recording a path records the directories above it too
        var plan = RestorePlan.FromJournal(pending.Steps);
        var request = new RestoreRequest(pending.Draft.Kind, pending.Draft.Target ?? Head!.Value, null, WholeTree: false, DryRun: false, CaptureContext.None);
        var outcome = Restorer().Run(plan, pending.Id);
        _isStuck = !outcome.IsTakenBack;
        if (outcome == RestoreOutcome.Done)
        {
            var snapshot = Commit(pending);
            Recovered = Result(request, RestoreEnding.Restored, plan, []) with { Snapshot = snapshot, Drift = drift?.Number, IsVerified = true };
            return true;
        }

        if (outcome.IsTakenBack)
        {
            Abandon(pending);
        }

        Recovered = Result(request, RestoreEnding.Failed, plan, [], outcome) with { Drift = drift?.Number };
        return outcome.IsTakenBack;
    }

    /// <summary>
    /// The restore with steps that begin at what the head holds: since the death somebody may have recorded what stands at its paths, even what it left half done. The journal
    /// has them too before anything is written, since steps say under which names files are written aside.
    /// </summary>
    private PendingRestore OnHead(PendingRestore pending)
    {
        var states = _store.StatesAt(Head!.Value, [.. pending.Steps.Select(step => step.Path)]);
        RestoreStep[] steps = [.. pending.Steps.Select(step => step with { Before = states[step.Path] })];
        return steps.SequenceEqual(pending.Steps) ? pending : _store.Journal.Replace(pending, steps);
    }

    private void FinishInterruptedOrFail(CancellationToken cancellationToken)
    {
        if (!FinishInterrupted(cancellationToken))
        {
            var stuck = Recovered!.Files.FirstOrDefault(file => file.Result == RestoreFileResult.Failed);
            throw new SavepointException(ErrorCode.RestoreFailed, $"An earlier restore could neither be finished nor taken back. {stuck?.Reason}", "Clear what stands in its way and repeat the command.");
        }
    }

    /// <summary>Records what was carried out; null if it was an edit that others have recorded, file by file, since its process died.</summary>
    private SnapshotNumber? Commit(PendingRestore pending)
    {
        var changes = ChangeList.Build(pending.Steps.Select(step => new FileChange(step.Path, step.Before, step.After)));
        var snapshot = _store.Append(pending.Draft with { Changes = changes }, pending);
        if (snapshot is not null)
        {
            Judge(snapshot);
        }

        return snapshot?.Number;
    }

    /// <summary>
    /// Forgets a restore that was taken back. The full disk that it failed of may be the store's as well, so room is made for that: what the journal holds is carried out later.
    /// </summary>
    private void Abandon(PendingRestore pending)
    {
        try
        {
            _store.Journal.Abandon(pending);
            return;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.DiskFull)
        {
            GiveBackRoom();
        }

        try
        {
            _store.Journal.Abandon(pending);
        }
        catch (SavepointException e)
        {
            throw new SavepointException(e.Code, $"The restore failed and was taken back, but the store could not note that, so that the next command begins it again. {e.Message}", e.Hint, e);
        }
    }

    private bool IsForeign(RestoreStep step) =>
        ReadNow(step.Path) is { } now && now != step.Before && now != step.After && !Restoring.Restorer.IsBetween(step, now);
}
