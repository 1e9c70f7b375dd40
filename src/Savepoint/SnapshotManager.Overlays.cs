using System.Runtime.InteropServices;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Copies;
using Savepoint.Workspaces.Linux;
using Savepoint.Workspaces.Overlays;

namespace Savepoint;

/// <content>Overlays: frozen bases, the layers over them, and what is recorded of those (docs/design/branches.md).</content>
public sealed partial class SnapshotManager
{
    private const string WorkName = "work";

    /// <summary>How long to wait for a base that another process makes: the copy of a large tree takes minutes, and whoever waits for it wants it.</summary>
    private static readonly TimeSpan MaxBaseWait = TimeSpan.FromMinutes(30);

    /// <summary>Opens a branch to run commands in it, whatever its form.</summary>
    /// <exception cref="SavepointException">There is no such branch, its directory is gone, or it is an overlay that another process is using.</exception>
    public async Task<WorkingCopy> OpenWorkingCopyAsync(string branch, CancellationToken cancellationToken = default)
    {
        var row = RequireBranch(branch);
        if (row.Isolation == Isolation.Copy)
        {
            var manager = await OpenBranchAsync(branch, cancellationToken).ConfigureAwait(false);
            return new WorkingCopy(manager, Isolation.Copy, row.Why ?? "it has a directory of its own", manager.Root);
        }

        if (row.HasLostBase)
        {
            throw new SavepointException(ErrorCode.NotTracked, $"Branch '{branch}' is an overlay, and what it lies on is not known any more: a repair could not read it.", $"'savepoint branch create OTHER --from {branch}' makes a directory of what is recorded; 'savepoint branch delete {branch}' ends the branch, and its snapshots stay.");
        }

        var use = OverlayUse.TryTake(row.Directory)
            ?? throw new SavepointException(ErrorCode.Busy, $"Another process is running something in branch '{branch}', which is an overlay: one at a time has it.", "Repeat the command when that has ended, or take another branch.");
        try
        {
            return new WorkingCopy(OpenOverlay(row), Isolation.Overlay, row.Why ?? "", WorkspaceRoot, MountOf(row, WorkspaceRoot), use);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the frozen bases that no overlay lies on.</summary>
    /// <returns>How many there were.</returns>
    private async Task<int> FreeBasesAsync(int keepCount, CancellationToken cancellationToken)
    {
        if (_store.Bases().Count == 0)
        {
            return 0;
        }

        using var alone = await HoldBasesAsync(cancellationToken).ConfigureAwait(false);
        return FreeBases(keepCount);
    }

    private int FreeBases(int keepCount, BaseRow? but = null)
    {
        var used = _store.BasesInUse();
        var free = _store.Bases().Where(row => !used.Contains(row.Id) && row.Id != but?.Id).Skip(keepCount).ToList();
        free.ForEach(DeleteBase);
        return free.Count;
    }

    private void DeleteBase(BaseRow row)
    {
        _store.UpdateBase(row with { Step = FolderStep.Deleting, Owner = ProcessIdentity.Own });
        FolderRemoval.Delete(row.Directory);
        _store.RemoveBase(row);
    }

    /// <summary>Whoever makes or deletes a base, or lays an overlay on one, is alone.</summary>
    /// <exception cref="SavepointException">Another process has been at it for <see cref="MaxBaseWait"/>.</exception>
    private async Task<WorkspaceLock> HoldBasesAsync(CancellationToken cancellationToken)
    {
        var started = _options.Time.GetTimestamp();
        var folder = Path.GetDirectoryName(BranchFolders.Base(StoreDirectory, 0))!;
        StoreCatalog.CreatePrivateDirectory(folder);
        while (true)
        {
            try
            {
                return await WorkspaceLock.ExclusiveAsync(folder, _options.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Busy && _options.Time.GetElapsedTime(started) < MaxBaseWait)
            {
                // To make one may take longer than a lock is waited for.
            }
        }
    }

    /// <summary>Makes a layer over the base of a snapshot, which is made too if it is not there. The bases are held.</summary>
    /// <returns>The copy's row, and the report of the base if it was made now.</returns>
    private (WorkingCopyRow Ready, CopyReport? Report) MakeOverlay(WorkingCopyRow row, SnapshotNumber fork, BranchWork work, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(OverlayUse.UpperOf(row.Directory));
        Directory.CreateDirectory(Path.Combine(row.Directory, WorkName));
        var known = FindBase(fork, work.Trial, cancellationToken);
        var (lower, report) = known is null ? MakeBase(fork, work, cancellationToken) : (known, null);
        return (row with { Step = FolderStep.Ready, Base = lower.Id, Aside = null, Owner = ProcessIdentity.None }, report);
    }

    /// <summary>
    /// A base of a snapshot that can be used: the one that others of the same trial lie on, else one whose ignored files are those of the workspace now. Null if there is none.
    /// </summary>
    private BaseRow? FindBase(SnapshotNumber snapshot, TrialMark? trial, CancellationToken cancellationToken)
    {
        var there = _store.Bases().FindAll(row => row.Snapshot == snapshot && row.Step == FolderStep.Ready && Directory.Exists(row.Directory));
        var shared = trial is null ? null : _store.WorkingCopies().Find(row => trial.IsOwn(row.Name) && row is { Step: FolderStep.Ready, Base: not null });
        if (shared is not null && there.Find(row => row.Id == shared.Base) is { } same)
        {
            return same;
        }

        if (!there.Exists(row => row.Ignored is not null))
        {
            return null;
        }

        var now = TreeCopier.Ignored(Root, CopiedRules(), Excluded(), cancellationToken).ToBytes();
        return there.Find(row => row.Ignored is { } then && then.AsSpan().SequenceEqual(now));
    }

    /// <summary>Makes the frozen base of a snapshot, which is the head of the branch that asks for it.</summary>
    private (BaseRow Base, CopyReport Report) MakeBase(SnapshotNumber snapshot, BranchWork work, CancellationToken cancellationToken)
    {
        var making = _store.AddBase(snapshot, id => BranchFolders.Base(StoreDirectory, id));
        try
        {
            StoreCatalog.CreatePrivateDirectory(making.Directory);
            var (ignored, startedNs) = (new IgnoredSum(), BornNs(making.Directory));
            var (report, _) = CopyTree(new CopyWork(making.Directory, WorkspaceRoot, work.Name, work.IsOfWholeTree, snapshot == Head ? Donor(making) : null), ignored, cancellationToken);
            var ready = making with { Step = FolderStep.Ready, Ignored = ignored.ToBytes(startedNs) };
            _store.UpdateBase(ready);
            FreeBases(keepCount: 0, but: ready);
            return (ready, report);
        }
        catch
        {
            DeleteBase(making);
            throw;
        }
    }

    /// <summary>
    /// The newest base that is there: most files of the next are the same, so a base costs what changed since. Not for another state than the
    /// head, since to go there modes may be changed in place, and those of the donor with them.
    /// </summary>
    private CopyDonor? Donor(BaseRow making) =>
        _store.Bases().Where(row => row.Id != making.Id && row.Step == FolderStep.Ready && Directory.Exists(row.Directory)).MaxBy(row => row.Id) is { } newest && BornNs(newest.Directory) is > 0 and var madeNs
            ? new CopyDonor(newest.Directory, madeNs)
            : null;

    /// <summary>When a directory was made, by the clock that stamps files; 0 where the file system does not know.</summary>
    private static long BornNs(string directory)
    {
        using var tree = WorkspaceTree.Open(directory);
        return tree.Identify().BirthNs;
    }

    /// <summary>Why this system has no overlays, found by mounting one; null if it has.</summary>
    private string? WhyNoOverlay(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "only Linux has overlays";
        }

        var mount = new OverlayMount(Path.Combine(folder, "lower"), OverlayUse.UpperOf(folder), Path.Combine(folder, WorkName), WorkspaceRoot);
        foreach (var directory in (string[])[mount.Lower, mount.Upper, mount.Work])
        {
            StoreCatalog.CreatePrivateDirectory(directory);
        }

        var tried = CommandLaunch.Start(new LaunchRequest { Arguments = [], Directory = "/", Overlay = mount });
        FolderRemoval.Delete(mount.Lower);
        FolderRemoval.Delete(mount.Work);
        Directory.CreateDirectory(mount.Work);
        return tried.FailedStep is null ? null : OverlayFailure(tried);
    }

    internal static string OverlayFailure(Launch launch) => launch.FailedStep switch
    {
        LaunchStep.Namespace => $"the system permits no namespaces here ({Marshal.GetPInvokeErrorMessage(launch.Errno)})",
        LaunchStep.Mount => $"no overlay can be mounted here ({Marshal.GetPInvokeErrorMessage(launch.Errno)})",
        _ => $"no child could be started ({Marshal.GetPInvokeErrorMessage(launch.Errno)})",
    };

    private static OverlayMount MountOf(WorkingCopyRow row, string target, string lower) => new(lower, OverlayUse.UpperOf(row.Directory), Path.Combine(row.Directory, WorkName), target);

    private OverlayMount MountOf(WorkingCopyRow row, string target) => MountOf(row, target, BranchFolders.Base(StoreDirectory, row.Base!.Value));

    /// <summary>A manager on an overlay's branch, whose tree is read from its layers.</summary>
    private SnapshotManager OpenOverlay(WorkingCopyRow row)
    {
        var mount = MountOf(row, WorkspaceRoot);
        var tree = new OverlayTree(mount.Lower, mount.Upper, WorkspaceRoot);
        var store = SnapshotStore.Open(StoreDirectory, _options.Durability == Durability.Disk);
        var entry = _entry.Record.Copy is null ? _entry with { Record = _entry.Record with { Copy = new CopyOf(row.Name, _entry.Folder) } } : _entry with { Record = _entry.Record with { Copy = _entry.Record.Copy with { Branch = row.Name } } };
        return new SnapshotManager(_options, entry, tree, store, row.Name);
    }

    /// <summary>What differs from the head in an overlay: only what its layer says something of is looked at.</summary>
    private List<FileChange> ScanLayer(OverlayTree overlay, IContentSink sink, CoverageBuilder coverage)
    {
        var head = _store.HeadTree(Branch);
        var rules = new WorkspaceRules(RulesRoot, GitUser());
        var tracked = rules.Tracked;
        var paths = overlay.ChangedPaths(rules, path => head.Within(path).Keys.Concat(tracked.Value.Hold(path) ? [path] : []));
        return new PathRecorder(_tree, head, Reader(sink, coverage)).Record(paths);
    }
}
