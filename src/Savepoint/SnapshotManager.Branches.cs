using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Copies;
using Savepoint.Workspaces.Scanning;

namespace Savepoint;

/// <content>Branches: lines of history with working copies of their own (docs/design/branches.md).</content>
public sealed partial class SnapshotManager
{
    /// <summary>Whether the workspace itself is worked on, not the copy of a branch.</summary>
    public bool IsMain => Branch == BranchTable.Main;

    /// <summary>Where the workspace is, whose history this is; in the workspace itself <see cref="Root"/>.</summary>
    public string WorkspaceRoot => IsMain ? Root : StoreCatalog.WorkspaceRootOf(_entry);

    /// <summary>What this working copy has for itself in the store: lock, watcher's place, scan index.</summary>
    private string OwnDirectory { get; }

    // Git's files are looked up where the workspace is: a copy has none.
    private string RulesRoot => WorkspaceRoot is var root && Directory.Exists(root) ? root : Root;

    /// <summary>The branches that can be worked on, <c>main</c> first, then as they were made.</summary>
    public IReadOnlyList<BranchSummary> Branches() =>
    [
        new BranchSummary(BranchTable.Main, _store.Head(BranchTable.Main)!.Value, null, Isolation.Copy, WorkspaceRoot, null),
        .. _store.WorkingCopies().Where(row => row.Step == FolderStep.Ready).Select(Summarize),
    ];

    /// <summary>
    /// Makes a branch with a working copy of its own. What is unrecorded here is captured first. (The seed's createBranch.)
    /// </summary>
    /// <param name="name">Its name: as a label's, and neither a label's nor another branch's.</param>
    /// <param name="baseSnapshot">The snapshot it begins at; null for the state as it is.</param>
    /// <param name="options">In what form and where; null for <see cref="BranchOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <exception cref="SavepointException">The name or place is refused, there is no such snapshot, or no room.</exception>
    public async Task<BranchResult> CreateBranchAsync(string name, SnapshotNumber? baseSnapshot = null, BranchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= BranchOptions.Default;
        ArgumentNullException.ThrowIfNull(name);
        var started = _options.Time.GetTimestamp();
        _store.RefuseTakenName(name); // before the capture; the transaction that makes the branch asks again
        var place = options.Directory is { } wanted ? CopyPlace(wanted) : null;
        _ = baseSnapshot is { } known ? GetSnapshot(known) : null;
        var captured = await CaptureAsync([], SnapshotKind.Operation, options.Context with { Message = $"unrecorded changes, found before branch {name}" }, wholeTree: true, withPatch: false, cancellationToken).ConfigureAwait(false);

        var result = await MakeBranchAsync(new BranchWork(name, baseSnapshot, place, options.Isolation, IsOfWholeTree: !captured.Coverage.IsCutShort), cancellationToken).ConfigureAwait(false);
        return result with { Captured = captured.Snapshot?.Number, Elapsed = _options.Time.GetElapsedTime(started) };
    }

    /// <summary>Makes a branch of a trial, at a state that is recorded. Of one trial all overlays lie on the same base, whatever happens to the workspace's ignored files meanwhile.</summary>
    internal Task<BranchResult> CreateTrialBranchAsync(string name, SnapshotNumber start, Isolation? isolation, TrialMark mark, bool isOfWholeTree, CancellationToken cancellationToken) =>
        MakeBranchAsync(new BranchWork(name, start, Place: null, isolation, isOfWholeTree, mark), cancellationToken);

    /// <summary>Opens the working copy of a branch that has a directory of its own.</summary>
    /// <exception cref="SavepointException">There is no such branch, it is an overlay, or its directory is gone.</exception>
    public Task<SnapshotManager> OpenBranchAsync(string name, CancellationToken cancellationToken = default) => RequireBranch(name) switch
    {
        { Isolation: Isolation.Overlay } => throw new SavepointException(ErrorCode.NotTracked, $"Branch '{name}' is an overlay: no directory of its own.", $"'savepoint branch run {name} -- CMD' works in it; 'savepoint branch create OTHER --from {name}' makes a directory."),
        var row when !Directory.Exists(row.Directory) => throw new SavepointException(ErrorCode.NotTracked, $"The working copy of branch '{name}', {row.Directory}, is gone.", $"'savepoint branch delete {name}' ends the branch; its snapshots stay."),
        var row => OpenAsync(row.Directory, _options, cancellationToken),
    };

    /// <summary>Deletes a branch's working copy, having captured what it holds. The branch's snapshots stay until clean-up.</summary>
    /// <param name="name">The branch.</param>
    /// <param name="force">Whether it is deleted even if something in the copy cannot be recorded, since it is unreadable or too large. False: nothing is deleted then.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and the capture.</param>
    /// <exception cref="SavepointException">There is no such branch, it is the one worked on here, it is in use, or it holds what would be lost.</exception>
    public async Task<DeletedBranch> DeleteBranchAsync(string name, bool force = false, CancellationToken cancellationToken = default)
    {
        var started = _options.Time.GetTimestamp();
        var row = RequireBranch(name);
        if (name == Branch)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' is the branch of this very directory.", $"Delete it from the workspace: savepoint -C {WorkspaceRoot} branch delete {name}");
        }

        // What is recorded and what is deleted are the same: nobody captures or restores there in between.
        await using var copy = IsThere(row) ? await OpenWorkingCopyAsync(name, cancellationToken).ConfigureAwait(false) : null;
        using var held = await HoldBranchAsync(row, cancellationToken).ConfigureAwait(false);
        var (captured, unrecorded) = copy is null ? (null, []) : CaptureLast(copy.Manager, cancellationToken);
        if (unrecorded.Count > 0 && !force)
        {
            throw WouldLose(name, unrecorded);
        }

        var summary = Summarize(row);
        Delete(row);
        return new DeletedBranch(summary, captured, _options.Time.GetElapsedTime(started)) { Unrecorded = unrecorded };
    }

    /// <summary>Whether what stands at a copy's place is the branch's own.</summary>
    private bool IsThere(WorkingCopyRow row) => row.Isolation == Isolation.Overlay ? !row.HasLostBase : Directory.Exists(row.Directory) && IsWorkingCopyOf(row.Directory, row.Name);

    /// <summary>Captures what a working copy holds that is held exclusively; with what no snapshot has all the same, unless it stands here as it does there.</summary>
    private (SnapshotNumber? Captured, IReadOnlyList<SkippedEntry> Unrecorded) CaptureLast(SnapshotManager copy, CancellationToken cancellationToken)
    {
        copy.FinishInterrupted(cancellationToken);
        var context = new CaptureContext { Message = "unrecorded changes, found before the branch was deleted" };
        var (snapshot, coverage) = copy.WithRoom([], isWhole: true, () => copy.Record([], SnapshotKind.Drift, context, wholeTree: true, cancellationToken));
        return (snapshot?.Number, [.. coverage.Skipped.Where(skipped => skipped.IsLost && !IsAlike(skipped.Path, copy))]);
    }

    // A copy's files have the lengths and times of what they were copied from.
    private bool IsAlike(WorkspacePath path, SnapshotManager copy) =>
        _tree.Stat(path) is { IsFile: true } here && copy._tree.Stat(path) is { IsFile: true } there && (here.SizeBytes, here.ModifiedNs) == (there.SizeBytes, there.ModifiedNs);

    private static SavepointException WouldLose(string name, IReadOnlyList<SkippedEntry> unrecorded)
    {
        var named = string.Join(", ", unrecorded.Take(MaxPathsNamed).Select(skipped => PathQuoting.Quote(skipped.Path.Bytes)));
        var more = unrecorded.Count > MaxPathsNamed ? $" and {unrecorded.Count - MaxPathsNamed} more" : "";
        return new SavepointException(
            ErrorCode.Environment,
            $"Branch '{name}' was not deleted: its working copy holds what cannot be recorded, since it is unreadable or larger than maxFileBytes: {named}{more}.",
            $"Move that away, or lose it with 'savepoint branch delete {name} --force'.");
    }

    private async Task<BranchResult> MakeBranchAsync(BranchWork work, CancellationToken cancellationToken)
    {
        // Nobody frees contents, and nobody restores here, until it is there.
        using var store = await WorkspaceLock.SharedAsync(StoreDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        using var own = IsMain ? null : await WorkspaceLock.SharedAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        var fork = work.Start ?? Head!.Value;
        var row = _store.AddBranch(work.Name, fork, Isolation.Copy, id => Places(work.Name, id, work.Place));
        try
        {
            StoreCatalog.CreatePrivateDirectory(Path.GetDirectoryName(BranchFolders.Of(StoreDirectory, row.Id))!);
            StoreCatalog.CreatePrivateDirectory(BranchFolders.Of(StoreDirectory, row.Id));
            row = ChooseForm(row, work);
            using var bases = row.Isolation == Isolation.Overlay ? await HoldBasesAsync(cancellationToken).ConfigureAwait(false) : null;
            var (ready, report) = row.Isolation == Isolation.Overlay ? MakeOverlay(row, fork, work, cancellationToken) : await MakeCopyAsync(row, work, cancellationToken).ConfigureAwait(false);
            _store.UpdateWorkingCopy(ready, new BranchCreatedEvent(work.Name, fork) { Time = _options.Time.GetUtcNow() });
            return new BranchResult
            {
                Branch = Summarize(ready),
                FileCount = report?.FileCount ?? 0,
                SizeBytes = report?.SizeBytes ?? 0,
                ClonedCount = report?.ClonedCount ?? 0,
                LeftOut = report?.LeftOut ?? [],
                Retargeted = report?.Retargeted ?? [],
                LeadingBack = report?.LeadingBack ?? [],
            };
        }
        catch
        {
            Trying(() => Reclaim(row));
            throw;
        }
    }

    /// <summary>Decides between overlay and copy, by a trial if the caller leaves that open.</summary>
    private WorkingCopyRow ChooseForm(WorkingCopyRow row, BranchWork work)
    {
        if (work.Isolation == Isolation.Copy || work.Place is not null)
        {
            return row;
        }

        var layer = BranchFolders.Layer(StoreDirectory, row.Id);
        var chosen = row with { Isolation = Isolation.Overlay, Directory = layer, Aside = Aside(layer) };
        StoreCatalog.CreatePrivateDirectory(Path.GetDirectoryName(layer)!);
        StoreCatalog.CreatePrivateDirectory(layer);
        _store.UpdateWorkingCopy(chosen);
        if (WhyNoOverlay(layer) is not { } why)
        {
            return chosen with { Why = work.Isolation is null ? "the system has overlays" : null };
        }

        if (work.Isolation == Isolation.Overlay)
        {
            throw new SavepointException(ErrorCode.Environment, $"A branch cannot be an overlay: {why}.", "Leave the isolation open, or ask for a copy: both make one.");
        }

        FolderRemoval.Delete(layer);
        _store.UpdateWorkingCopy(row);
        return row with { Why = why };
    }

    /// <summary>Makes the copy aside, takes it to the snapshot that it begins at, and puts it into its place.</summary>
    private async Task<(WorkingCopyRow Ready, CopyReport? Report)> MakeCopyAsync(WorkingCopyRow row, BranchWork work, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(row.Directory)!);
        StoreCatalog.CreatePrivateDirectory(row.Aside!);
        var (report, index) = CopyTree(new CopyWork(row.Aside!, row.Directory, row.Name, work.IsOfWholeTree), ignored: null, cancellationToken);
        ScanIndexFile.Replace(Path.Combine(BranchFolders.Of(StoreDirectory, row.Id), StoreFiles.BranchIndex), index);
        using (var copy = WorkspaceTree.Open(row.Aside!))
        {
            var catalog = new StoreCatalog(_options.StoreHome);
            using var held = await catalog.HoldAsync(_options.Time, cancellationToken).ConfigureAwait(false);
            ForgetPlace(catalog, row.Directory);
            catalog.AddCopy(row.Directory, copy.Identify(), StoreDirectory, new CopyOf(row.Name, _entry.Record.Copy?.Folder ?? _entry.Folder));
        }

        if (Directory.Exists(row.Directory))
        {
            Directory.Delete(row.Directory); // it was empty when it was named, or this fails
        }

        Directory.Move(row.Aside!, row.Directory);
        if (_options.Durability == Durability.Disk)
        {
            DirectorySync.Sync(Path.GetDirectoryName(row.Directory)!); // before the row says that it is there
        }

        return (row with { Step = FolderStep.Ready, Aside = null, Owner = ProcessIdentity.None }, report);
    }

    /// <summary>A branch to be made.</summary>
    /// <param name="Name">Its name, free.</param>
    /// <param name="Start">The snapshot it begins at; null for the head.</param>
    /// <param name="Place">Where its copy goes; null for the usual place.</param>
    /// <param name="Isolation">Its form; null for whatever the system allows.</param>
    /// <param name="IsOfWholeTree">Whether all of the tree was looked at, so that what is not in a snapshot came later.</param>
    /// <param name="Trial">The trial that it is of; null for none.</param>
    private sealed record BranchWork(string Name, SnapshotNumber? Start, string? Place, Isolation? Isolation, bool IsOfWholeTree, TrialMark? Trial = null);

    private BranchSummary Summarize(WorkingCopyRow row) => new(
        row.Name, _store.Head(row.Name)!.Value, _store.ForkOf(row.Name), row.Isolation, row.Isolation == Isolation.Copy ? row.Directory : null, row.Why);

    private WorkingCopyRow RequireBranch(string name) => _store.FindWorkingCopy(name) is { Step: FolderStep.Ready } row ? row
        : name == BranchTable.Main ? throw new SavepointException(ErrorCode.InvalidName, "'main' is the workspace itself.", "Name another branch: 'savepoint branch' lists them.")
        : throw new SavepointException(ErrorCode.UnknownRevision, $"There is no branch '{name}'.", _store.Branches() is { Count: > 1 } known ? $"There are: {string.Join(", ", known)}." : $"'savepoint branch create {name}' makes it.");
}
