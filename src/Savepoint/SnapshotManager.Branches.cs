using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Copies;

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
        var started = _options.Time.GetTimestamp();
        RefuseTakenName(name);
        var place = options.Directory is { } wanted ? CopyPlace(wanted) : null;
        _ = baseSnapshot is { } known ? GetSnapshot(known) : null;
        var captured = await CaptureAsync([], SnapshotKind.Operation, options.Context with { Message = $"unrecorded changes, found before branch {name}" }, wholeTree: true, withPatch: false, cancellationToken).ConfigureAwait(false);

        // Nobody frees contents, and nobody restores here, until it is there.
        using var store = await WorkspaceLock.SharedAsync(StoreDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        using var own = IsMain ? null : await WorkspaceLock.SharedAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        var fork = baseSnapshot ?? Head!.Value;
        var result = await MakeBranchAsync(name, fork, place, options, cancellationToken).ConfigureAwait(false);
        return result with { Captured = captured.Snapshot?.Number, Elapsed = _options.Time.GetElapsedTime(started) };
    }

    /// <summary>Opens the working copy of a branch that has a directory of its own.</summary>
    /// <exception cref="SavepointException">There is no such branch, it is an overlay, or its directory is gone.</exception>
    public Task<SnapshotManager> OpenBranchAsync(string name, CancellationToken cancellationToken = default) => RequireBranch(name) switch
    {
        { Isolation: Isolation.Overlay } => throw new SavepointException(ErrorCode.NotTracked, $"Branch '{name}' is an overlay: no directory of its own.", $"'savepoint branch run {name} -- CMD' works in it; 'savepoint branch create OTHER --from {name}' makes a directory."),
        var row when !Directory.Exists(row.Directory) => throw new SavepointException(ErrorCode.NotTracked, $"The working copy of branch '{name}', {row.Directory}, is gone.", $"'savepoint branch delete {name}' ends the branch; its snapshots stay."),
        var row => OpenAsync(row.Directory, _options, cancellationToken),
    };

    /// <summary>Deletes a branch's working copy, having captured what it holds. The branch's snapshots stay until clean-up.</summary>
    /// <exception cref="SavepointException">There is no such branch, it is the one worked on here, or it is in use.</exception>
    public async Task<DeletedBranch> DeleteBranchAsync(string name, CancellationToken cancellationToken = default)
    {
        var started = _options.Time.GetTimestamp();
        var row = RequireBranch(name);
        if (name == Branch)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' is the branch of this very directory.", $"Delete it from the workspace: savepoint -C {WorkspaceRoot} branch delete {name}");
        }

        var captured = await CaptureBranchAsync(row, "unrecorded changes, found before the branch was deleted", cancellationToken).ConfigureAwait(false);
        var summary = Summarize(row);
        using (await HoldBranchAsync(row, cancellationToken).ConfigureAwait(false))
        {
            Delete(row);
        }

        return new DeletedBranch(summary, captured, _options.Time.GetElapsedTime(started));
    }

    private async Task<BranchResult> MakeBranchAsync(string name, SnapshotNumber fork, string? place, BranchOptions options, CancellationToken cancellationToken)
    {
        var row = _store.AddBranch(name, fork, Isolation.Copy, id => Places(name, id, place));
        try
        {
            StoreCatalog.CreatePrivateDirectory(Path.GetDirectoryName(BranchFolders.Of(StoreDirectory, row.Id))!);
            StoreCatalog.CreatePrivateDirectory(BranchFolders.Of(StoreDirectory, row.Id));
            row = ChooseForm(row, options);
            using var bases = row.Isolation == Isolation.Overlay ? await HoldBasesAsync(cancellationToken).ConfigureAwait(false) : null;
            var (ready, report) = row.Isolation == Isolation.Overlay ? MakeOverlay(row, fork, cancellationToken) : await MakeCopyAsync(row, fork, cancellationToken).ConfigureAwait(false);
            _store.UpdateWorkingCopy(ready, new BranchCreatedEvent(name, fork) { Time = _options.Time.GetUtcNow() });
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
    private WorkingCopyRow ChooseForm(WorkingCopyRow row, BranchOptions options)
    {
        if (options.Isolation == Isolation.Copy || options.Directory is not null)
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
            return chosen with { Why = options.Isolation is null ? "the system has overlays" : null };
        }

        if (options.Isolation == Isolation.Overlay)
        {
            throw new SavepointException(ErrorCode.Environment, $"A branch cannot be an overlay: {why}.", "Leave the isolation open, or ask for a copy: both make one.");
        }

        FolderRemoval.Delete(layer);
        _store.UpdateWorkingCopy(row);
        return row with { Why = why };
    }

    /// <summary>Makes the copy aside, takes it to the snapshot that it begins at, and puts it into its place.</summary>
    private async Task<(WorkingCopyRow Ready, CopyReport? Report)> MakeCopyAsync(WorkingCopyRow row, SnapshotNumber fork, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(row.Directory)!);
        StoreCatalog.CreatePrivateDirectory(row.Aside!);
        var report = CopyTree(row.Aside!, row.Directory, fork, donor: null, cancellationToken);
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
        return (row with { Step = FolderStep.Ready, Aside = null, Owner = ProcessIdentity.None }, report);
    }

    /// <summary>Copies the tree as it is, and takes the copy to a snapshot.</summary>
    private CopyReport CopyTree(string aside, string finalRoot, SnapshotNumber target, CopyDonor? donor, CancellationToken cancellationToken)
    {
        var recorded = new Lazy<HashSet<WorkspacePath>>(() =>
        {
            var paths = _store.HeadTree(Branch).Within(WorkspacePath.Root).Keys;
            return [.. paths, .. paths.SelectMany(path => path.Ancestors())];
        });
        var include = Path.Combine(Root, CopyRules.IncludeFileName);
        var rules = CopyRules.Create(new WorkspaceRules(RulesRoot, GitUser()), File.Exists(include) ? File.ReadAllBytes(include) : null, path => recorded.Value.Contains(path));
        var excluded = new[] { StoreDirectory, _options.StoreHome }.Where(own => !StoreCatalog.IsWithin(Root, own)).ToList();
        var report = TreeCopier.Copy(Root, aside, finalRoot, rules, excluded, donor, cancellationToken);
        TakeTo(aside, target);
        return report;
    }

    /// <summary>Takes a fresh copy of this branch's head to another snapshot.</summary>
    private void TakeTo(string copy, SnapshotNumber target)
    {
        var changes = Head == target ? [] : Wanted(new RestoreRequest(SnapshotKind.Rollback, target, null, WholeTree: false, DryRun: false, CaptureContext.None));
        if (changes.Count == 0)
        {
            return;
        }

        using var tree = WorkspaceTree.Open(copy);
        var parents = _store.StatesAt(Head!.Value, [.. changes.Select(change => change.Path.Parent).Distinct()]);
        var restorer = new Restoring.Restorer(tree, _layers, path => ReadNow(tree, path), syncFiles: false);
        var outcome = restorer.Run(Restoring.RestorePlan.Create(changes, parents), 0);
        if (outcome != Restoring.RestoreOutcome.Done)
        {
            throw new SavepointException(ErrorCode.RestoreFailed, $"The copy could not be taken to snapshot {target}: {outcome.FailedPath} ({outcome.Reason?.TrimEnd('.')}).", "If something writes to the workspace meanwhile, repeat the command when it rests.");
        }
    }

    private BranchSummary Summarize(WorkingCopyRow row) => new(
        row.Name, _store.Head(row.Name)!.Value, _store.ForkOf(row.Name), row.Isolation, row.Isolation == Isolation.Copy ? row.Directory : null, row.Why);

    private WorkingCopyRow RequireBranch(string name) => _store.FindWorkingCopy(name) is { Step: FolderStep.Ready } row ? row
        : name == BranchTable.Main ? throw new SavepointException(ErrorCode.InvalidName, "'main' is the workspace itself.", "Name another branch: 'savepoint branch' lists them.")
        : throw new SavepointException(ErrorCode.UnknownRevision, $"There is no branch '{name}'.", _store.Branches() is { Count: > 1 } known ? $"There are: {string.Join(", ", known)}." : $"'savepoint branch create {name}' makes it.");

    private void RefuseTakenName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Label.NameProblem(name) is { } problem)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' cannot name a branch: {problem}.", "Choose another name.");
        }

        if (_store.FindLabel(name) is { } label)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' is a label, on snapshot {label.Snapshot}.", "Choose another name.");
        }

        if (_store.FindWorkingCopy(name) is not null || name == BranchTable.Main)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"There is a branch '{name}' already.", name == BranchTable.Main ? "Choose another name." : $"Choose another name, or delete it with 'savepoint branch delete {name}'.");
        }
    }
}
