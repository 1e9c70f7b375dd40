using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Merging another branch: its head → three-way merge → a restore.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Merges a branch into the one that is worked on here, three-way, as one snapshot. What its working copy holds is captured first; a dry run takes
    /// it into account and records nothing. (The seed's mergeBranch.)
    /// </summary>
    /// <param name="branch">A branch, deleted ones too while their snapshots are there.</param>
    /// <param name="options">Whether only to look, and what to do with conflicts; null for <see cref="MergeOptions.Default"/>.</param>
    /// <param name="context">Who asks for it.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    /// <returns>
    /// Its ending is <see cref="RestoreEnding.Conflicted"/> where both changed the same: nothing was recorded or written then, unless markers were asked for;
    /// <see cref="RestoreEnding.NothingToDo"/> if all of it is here already.
    /// </returns>
    /// <exception cref="SavepointException">There is no such branch, or it is this one.</exception>
    public async Task<MergeResult> MergeBranchAsync(string branch, MergeOptions? options = null, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(branch);
        options ??= MergeOptions.Default;
        if (branch == Branch)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{branch}' is the branch that is worked on here.", "Name another one: 'savepoint branch' lists them.");
        }

        var started = _options.Time.GetTimestamp();
        await using var unrecorded = options.IsDryRun ? await LookAtBranchAsync(branch, cancellationToken).ConfigureAwait(false) : null;
        var captured = options.IsDryRun ? null : await CaptureBranchAsync(branch, $"unrecorded changes, found before it was merged into {Branch}", cancellationToken).ConfigureAwait(false);
        using var held = await WorkspaceLock.ExclusiveAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        FinishInterruptedOrFail(cancellationToken);
        var theirs = _store.Head(branch)!.Value;
        var merge = new BranchMerge(_store, Branch, branch, theirs, options.WritesMarkers, unrecorded is { IsEmpty: false } ? unrecorded : null);
        if (merge.IsMerged)
        {
            return new MergeResult(branch, theirs, merge.Base, IsFastForward: false, captured, new RestoreResult { Ending = RestoreEnding.NothingToDo, Target = theirs, Elapsed = _options.Time.GetElapsedTime(started) });
        }

        context ??= CaptureContext.None;
        var named = context with { Message = context.Message ?? $"branch {branch}" };
        var request = new RestoreRequest(SnapshotKind.Merge, theirs, null, WholeTree: false, options.IsDryRun, named, Clock: new Stopclock(_options.Time, started));
        var result = MergeInto(merge, options.WritesMarkers, request, cancellationToken);
        if (result.Snapshot is { } snapshot)
        {
            Publish(new BranchMergedEvent(branch, Branch, snapshot));
        }

        return new MergeResult(branch, theirs, merge.Base, merge.IsFastForward, captured, result with { Elapsed = _options.Time.GetElapsedTime(started) });
    }

    /// <summary>What another branch's working copy holds and no snapshot has; null if it has no copy any more.</summary>
    /// <exception cref="SavepointException">There is no branch of this name, nor was one.</exception>
    private async Task<UnrecordedTree?> LookAtBranchAsync(string branch, CancellationToken cancellationToken)
    {
        var row = branch == BranchTable.Main || _store.Head(branch) is not null ? _store.FindWorkingCopy(branch) : RequireBranch(branch);
        if (row is { Step: FolderStep.Ready, Isolation: Isolation.Overlay, HasLostBase: false })
        {
            var layer = await OpenWorkingCopyAsync(branch, cancellationToken).ConfigureAwait(false);
            return await LookAsync(layer, layer.Manager, cancellationToken).ConfigureAwait(false);
        }

        var directory = branch == BranchTable.Main ? WorkspaceRoot : row is { Step: FolderStep.Ready } ? row.Directory : null;
        if (directory is null || !Directory.Exists(directory) || !IsWorkingCopyOf(directory, branch))
        {
            return null;
        }

        var copy = await OpenAsync(directory, _options, cancellationToken).ConfigureAwait(false);
        return await LookAsync(copy, copy, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<UnrecordedTree> LookAsync(IAsyncDisposable copy, SnapshotManager manager, CancellationToken cancellationToken)
    {
        try
        {
            var peeked = await manager.PeekAsync(cancellationToken).ConfigureAwait(false);
            return new UnrecordedTree(copy, (others, changes) => new WorkingContents(others, manager._tree, changes), peeked.Snapshot?.Changes ?? []);
        }
        catch
        {
            await copy.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Captures what another branch's working copy holds and no snapshot has; null if nothing, or it has none any more.</summary>
    /// <exception cref="SavepointException">There is no branch of this name, nor was one.</exception>
    private async Task<SnapshotNumber?> CaptureBranchAsync(string branch, string message, CancellationToken cancellationToken) =>
        branch == BranchTable.Main ? await CaptureAtAsync(WorkspaceRoot, branch, message, cancellationToken).ConfigureAwait(false)
        : _store.FindWorkingCopy(branch) is { Step: FolderStep.Ready } row ? await CaptureBranchAsync(row, message, cancellationToken).ConfigureAwait(false)
        : _store.Head(branch) is not null ? null
        : await CaptureBranchAsync(RequireBranch(branch), message, cancellationToken).ConfigureAwait(false); // which says that there is none

    private async Task<SnapshotNumber?> CaptureBranchAsync(WorkingCopyRow row, string message, CancellationToken cancellationToken) => row.Isolation == Isolation.Overlay && !row.HasLostBase
        ? await CaptureLayerAsync(row, message, cancellationToken).ConfigureAwait(false)
        : await CaptureAtAsync(row.Directory, row.Name, message, cancellationToken).ConfigureAwait(false);

    private async Task<SnapshotNumber?> CaptureLayerAsync(WorkingCopyRow row, string message, CancellationToken cancellationToken)
    {
        await using var copy = await OpenWorkingCopyAsync(row.Name, cancellationToken).ConfigureAwait(false);
        return await CaptureAsync(copy.Manager, message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing is captured where something else stands by now than the branch's own copy.</summary>
    private async Task<SnapshotNumber?> CaptureAtAsync(string directory, string branch, string message, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory) || !IsWorkingCopyOf(directory, branch))
        {
            return null;
        }

        await using var copy = await OpenAsync(directory, _options, cancellationToken).ConfigureAwait(false);
        return await CaptureAsync(copy, message, cancellationToken).ConfigureAwait(false);
    }

    private bool IsWorkingCopyOf(string directory, string branch)
    {
        var (tree, _, entry) = Locate(directory, _options);
        using (tree)
        {
            return entry?.StoreDirectory == StoreDirectory && (entry.Record.Copy?.Branch ?? BranchTable.Main) == branch;
        }
    }

    private static async Task<SnapshotNumber?> CaptureAsync(SnapshotManager copy, string message, CancellationToken cancellationToken)
    {
        var captured = await copy.CaptureAsync([], SnapshotKind.Drift, new CaptureContext { Message = message }, wholeTree: true, withPatch: false, cancellationToken).ConfigureAwait(false);
        return captured.Snapshot?.Number;
    }
}
