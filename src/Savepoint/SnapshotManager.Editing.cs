using Savepoint.Diagnostics;
using Savepoint.Editing;
using Savepoint.Model;
using Savepoint.Restoring;
using Savepoint.Storage;

namespace Savepoint;

/// <content>
/// Edits that are written here, for <see cref="EditingTools"/>: computed → what stands there recorded → journal → tree →
/// snapshot. They are written as a restore is (docs/design/editing.md), so that several files change together or not at all.
/// </content>
public sealed partial class SnapshotManager
{
    /// <summary>Says for paths as text which entries of the workspace they are.</summary>
    internal EditPath EditPaths => new(Root, [.. new[] { StoreDirectory, CanonicalPath(_options.StoreHome) }.Where(own => !StoreCatalog.IsWithin(Root, own))], candidate => Directory.Exists(candidate) && CanonicalPath(candidate) == Root);

    /// <summary>A path as a model or program writes it, relative to the workspace or absolute within it, as an entry that may be written.</summary>
    /// <param name="text">The path. The root's own links may be in it, links inside the workspace are not followed.</param>
    /// <param name="path">The entry.</param>
    /// <returns>False if it is outside, has a <c>..</c>, is the root itself, or belongs to git or Savepoint.</returns>
    public bool TryResolvePath(string text, out WorkspacePath path)
    {
        try
        {
            path = EditPaths.Resolve(text);
            return true;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.RefusedPath)
        {
            path = default;
            return false;
        }
    }

    /// <summary>Computes an edit from the tree as it is, carries it out, and records it as one snapshot.</summary>
    /// <param name="propose">Says what is to be done; called again if another process writes to the same paths meanwhile.</param>
    /// <param name="context">Who edits, with what.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    internal async Task<CarriedOut> EditAsync(Func<EditTree, ProposedEdit> propose, CaptureContext context, CancellationToken cancellationToken)
    {
        var started = _options.Time.GetTimestamp();
        using var running = Begin(Operation.Capture, started, cancellationToken);
        using var held = await WorkspaceLock.ExclusiveAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        FinishInterruptedOrFail(cancellationToken);
        SnapshotNumber? drift = null;
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var proposed = propose(new EditTree(_tree, ReadNow));
            if (proposed.Problem is not null || proposed.Files.Count == 0)
            {
                running.Done(null, 0);
                return new CarriedOut(proposed, null, drift, proposed.Problem);
            }

            drift = RecordBefore(proposed, cancellationToken) ?? drift;
            var outcome = IsRecorded(proposed) ? Write(proposed, context, new Stopclock(_options.Time, started)) : (null, "Nothing was changed. The files were changed meanwhile by another process. Read them again.", true);
            if (outcome.Snapshot is { } snapshot)
            {
                running.Done(snapshot.Number, snapshot.Changes.Count);
                KeepMemoryInBudget();
                return new CarriedOut(proposed, snapshot, drift, null);
            }

            if (!outcome.IsWorthRepeating || (attempt >= MinRestoreAttempts && _options.Time.GetElapsedTime(started) > MaxRestoreRepetition))
            {
                return new CarriedOut(proposed, null, drift, outcome.Problem);
            }
        }
    }

    private SnapshotNumber? RecordBefore(ProposedEdit proposed, CancellationToken cancellationToken)
    {
        var context = new CaptureContext { Message = "unrecorded changes, found before an edit" };
        return Record([.. proposed.Files.Select(file => file.Path)], SnapshotKind.Drift, context, wholeTree: false, cancellationToken).Snapshot?.Number;
    }

    /// <summary>Whether the head holds what the edit was computed from.</summary>
    private bool IsRecorded(ProposedEdit proposed)
    {
        var states = _store.StatesAt(Head!.Value, [.. proposed.Files.Select(file => file.Path)]);
        return proposed.Files.All(file => states[file.Path] == file.Before);
    }

    private (Snapshot? Snapshot, string? Problem, bool IsWorthRepeating) Write(ProposedEdit proposed, CaptureContext context, Stopclock clock)
    {
        foreach (var file in proposed.Files.Where(file => file.NewContent is not null))
        {
            Keep(file.After.ContentId!.Value, file.NewContent!.Value.ToArray(), file.Before.ContentId);
        }

        _store.Contents.Commit(() => true); // what the journal names has to be there before it
        var parents = _store.StatesAt(Head!.Value, [.. proposed.Files.Select(file => file.Path.Parent).Distinct()]);
        var plan = RestorePlan.Create(proposed.Files.Select(file => new FileChange(file.Path, file.Before, file.After)), parents);
        if (plan.Steps.FirstOrDefault(step => step.Before == step.After) is { } closed)
        {
            // A restore opens such a directory and closes it again; an edit does not pass over somebody's intention.
            return (null, $"Nothing was changed. {PathQuoting.Quote(closed.Path.Bytes)} may not be written into: its mode is {((FileState.Directory)closed.Before).Mode}. Change that first, if it is meant to be.", false);
        }

        var pending = _store.Journal.Begin(Draft(SnapshotKind.Operation, context, clock), plan.Steps);
        var outcome = Restorer().Run(plan, pending.Id);
        if (outcome == RestoreOutcome.Done)
        {
            return (GetSnapshot(Commit(pending)!.Value), null, false);
        }

        if (outcome.IsTakenBack)
        {
            Abandon(pending);
        }

        RefuseDamage(outcome);
        var state = outcome.IsTakenBack ? "Nothing was changed." : "Some files were changed and could not be changed back.";
        return (null, $"{state} {outcome.Reason}", outcome is { ChangedMeanwhile: true, IsTakenBack: true });
    }

    /// <summary>How an edit ended.</summary>
    /// <param name="Proposed">What it came to.</param>
    /// <param name="Snapshot">Its snapshot; null if nothing was done.</param>
    /// <param name="Drift">The snapshot of what was unrecorded before it; null if nothing was.</param>
    /// <param name="Problem">Why nothing was done; null if there was nothing to do, or it was done.</param>
    internal sealed record CarriedOut(ProposedEdit Proposed, Snapshot? Snapshot, SnapshotNumber? Drift, string? Problem);
}
