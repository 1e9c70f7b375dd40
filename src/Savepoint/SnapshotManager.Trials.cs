using Savepoint.Model;
using Savepoint.Restoring;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Branches that are there for a while only, as those of experiments: made, reset, discarded, and taken away where their process died.</content>
public sealed partial class SnapshotManager
{
    internal TimeProvider Time => _options.Time;

    internal ExperimentTable ExperimentRows => _store.Experiments;

    /// <summary>Begins with branches of this name, or of names that begin with it and a slash.</summary>
    internal TrialMark BeginTrial(string prefix)
    {
        _store.Trials.Begin(prefix);
        return MarkOf(prefix);
    }

    /// <summary>The mark of a trial that has begun.</summary>
    internal TrialMark MarkOf(string prefix) => new(StoreDirectory, prefix);

    /// <summary>Ends it. What could not be deleted is left to whoever opens the workspace when this process is gone.</summary>
    /// <param name="mark">Which.</param>
    /// <param name="keeps">Whether its branches stay for good.</param>
    internal void EndTrial(TrialMark mark, bool keeps = false)
    {
        if (keeps || !_store.WorkingCopies().Exists(row => mark.IsOwn(row.Name)))
        {
            _store.Trials.End(mark.Prefix);
        }
    }

    /// <summary>Deletes a branch's working copy with all that is unrecorded in it. The branch's snapshots stay until clean-up.</summary>
    internal async Task DiscardBranchAsync(string name, CancellationToken cancellationToken)
    {
        var row = RequireBranch(name);
        using (await HoldBranchAsync(row, cancellationToken).ConfigureAwait(false))
        {
            Delete(row);
        }
    }

    /// <summary>Makes the tree what the head is, without recording what else was there: what is ignored stays.</summary>
    internal void ResetToHead() => ResetTo(Head!.Value, CancellationToken.None);

    /// <summary>Makes the tree what a snapshot is, and records nothing of it. For working copies that nobody else works in.</summary>
    /// <exception cref="SavepointException">A path cannot be written.</exception>
    internal void ResetTo(SnapshotNumber target, CancellationToken cancellationToken)
    {
        var request = new RestoreRequest(SnapshotKind.Rollback, target, null, WholeTree: true, DryRun: true, CaptureContext.None);
        var (plan, _) = Plan(WantedOfTree(request, Wanted(request), cancellationToken));
        var outcome = Restorer().Run(plan, 0);
        RefuseDamage(outcome);
        if (outcome != RestoreOutcome.Done)
        {
            throw new SavepointException(ErrorCode.RestoreFailed, $"The working copy {Root} could not be taken to snapshot {target}: {outcome.FailedPath} ({outcome.Reason?.TrimEnd('.')}).", "Look at what stands there, and repeat the command.");
        }
    }

    /// <summary>
    /// Takes away what dead processes had for a while: what they left running, their working copies and mounts. What cannot be deleted, or is held by somebody, is left to
    /// the next opening: whoever opens the workspace now came for something else.
    /// </summary>
    private async Task ReclaimTrialsAsync()
    {
        foreach (var prefix in _store.Trials.Dead())
        {
            if (!_store.Trials.TakeOver(prefix))
            {
                continue;
            }

            var mark = new TrialMark(StoreDirectory, prefix);
            await mark.EndProcessesAsync(_options.Time).ConfigureAwait(false);
            if (ExperimentManager.IdOf(prefix) is { } id)
            {
                _store.Experiments.Abandon(id, ExperimentState.Abandoned);
            }

            foreach (var row in _store.WorkingCopies().Where(row => mark.IsOwn(row.Name) && row.Step == FolderStep.Ready))
            {
                Trying(() => DeleteIfFree(row));
            }

            EndTrial(mark);
        }
    }

    private void DeleteIfFree(WorkingCopyRow row)
    {
        var folder = BranchFolders.Of(StoreDirectory, row.Id);
        using var held = Directory.Exists(folder) ? WorkspaceLock.TryExclusive(folder) : null;
        if (held is not null || !Directory.Exists(folder))
        {
            Delete(row);
        }
    }
}
