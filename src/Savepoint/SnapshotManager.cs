using Savepoint.Diagnostics;
using Savepoint.Maintenance;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;
using Savepoint.Storage.Layers;
using Savepoint.Workspaces;

namespace Savepoint;

/// <summary>
/// One tracked workspace: records what changes, and takes any of it back. The façade over recording, storage and
/// restoring, which do not know each other.
/// </summary>
/// <remarks>
/// Thread-safe; any number of processes may have the same workspace open. Every record is in the store when the call that
/// made it returns, and survives the death of the process. Failures of the environment are
/// <see cref="SavepointException"/>s.
/// <para>
/// What a method does itself (scanning, hashing, transactions) it does on the thread that calls it, asynchronous or not: an asynchronous one only
/// waits without a thread, for other processes' locks and for commands. Who must not block calls them from the thread pool.
/// </para>
/// </remarks>
public sealed partial class SnapshotManager : IAsyncDisposable
{
    private readonly SnapshotOptions _options;
    private readonly StoreEntry _entry;
    private readonly WorkspaceTree _tree;
    private readonly SnapshotStore _store;
    private readonly long? _databaseInode;
    private readonly RecordingLimits _limits;
    private readonly StorageOrchestrator _layers;
    private readonly PerformanceOptimizer _optimizer;
    private bool _isDisposed;

    private SnapshotManager(SnapshotOptions options, StoreEntry entry, WorkspaceTree tree, SnapshotStore store, string branch)
    {
        _options = options;
        _entry = entry;
        _tree = tree;
        _store = store;
        _databaseInode = DatabaseInode();
        store.GuardWrites(BeforeWrite);
        Branch = branch;
        OwnDirectory = branch == BranchTable.Main ? entry.StoreDirectory : BranchFolders.Of(entry.StoreDirectory, store.BranchId(branch)!.Value);
        _limits = new RecordingLimits(options.MaxFileBytes, ContentStore.MaxWholeBytes);
        if (options.HasTelemetry)
        {
            Telemetry.TurnOn();
        }

        _layers = new StorageOrchestrator(store, Branch, options.LayerBytes, new ArchivedOperations(store.Milestones));
        _optimizer = new PerformanceOptimizer(options.Memory, [.. store.Memory, _layers], options.Time);
    }

    /// <summary>The workspace's root, free of links.</summary>
    public string Root => _tree.Root;

    /// <summary>The folder that holds its history.</summary>
    public string StoreDirectory => _entry.StoreDirectory;

    /// <summary>The branch that is worked on.</summary>
    public string Branch { get; }

    /// <summary>The newest snapshot of the branch; null before the baseline.</summary>
    public SnapshotNumber? Head => _store.Head(Branch);

    /// <summary>What an earlier process left half-done and this one finished on opening; null if nothing.</summary>
    public RestoreResult? Recovered { get; private set; }

    /// <summary>
    /// Opens a tracked workspace. A restore that a dead process left half-done is finished first.
    /// </summary>
    /// <param name="workspace">The root's path; links to it are resolved.</param>
    /// <param name="options">Where the stores are, and how to track.</param>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <exception cref="SavepointException">It is not tracked (<see cref="ErrorCode.NotTracked"/>), or the store cannot be used.</exception>
    public static async Task<SnapshotManager> OpenAsync(string workspace, SnapshotOptions options, CancellationToken cancellationToken = default)
    {
        var (tree, catalog, entry) = Locate(workspace, options);
        SnapshotStore? store = null;
        try
        {
            if (entry is null || !SnapshotStore.Exists(entry.StoreDirectory))
            {
                throw entry is null ? NotTracked(tree.Root, catalog) : SnapshotStore.HasLostDatabase(entry.StoreDirectory) ? DatabaseGone(tree.Root, entry) : NotTracked(tree.Root);
            }

            entry = await NoteMoveAsync(catalog, entry, options, cancellationToken).ConfigureAwait(false);
            store = await OpenStoreAsync(tree.Root, catalog, entry, options, cancellationToken).ConfigureAwait(false);
            RefuseEnded(entry, store);
            return await StartAsync(options, entry, tree, store, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            store?.Dispose();
            tree.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts to track a workspace: records the whole tree as the baseline. Where it is tracked already, it is opened and
    /// nothing recorded.
    /// </summary>
    /// <param name="workspace">The root's path.</param>
    /// <param name="options">Where the stores are, and how to track.</param>
    /// <param name="storeDirectory">Where to put this store instead of <see cref="SnapshotOptions.StoreHome"/>; remembered.</param>
    /// <param name="progress">Told how far the baseline is, after each file and from several threads, one at a time. Null: nobody asks.</param>
    /// <param name="cancellationToken">Stops the baseline; what was stored of it is used when it is made again.</param>
    /// <returns>The workspace and its baseline; the capture's snapshot is null if it was tracked before.</returns>
    /// <exception cref="SavepointException">It cannot be tracked, its history is elsewhere already, or <paramref name="storeDirectory"/> cannot have it.</exception>
    public static async Task<(SnapshotManager Manager, CaptureResult Baseline)> InitAsync(
        string workspace, SnapshotOptions options, string? storeDirectory = null, IProgress<CaptureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var (tree, catalog, entry) = Locate(workspace, options);
        SnapshotStore? store = null;
        try
        {
            Refuse(tree.Root, catalog, options);
            using (await catalog.HoldAsync(options.Time, cancellationToken).ConfigureAwait(false))
            {
                entry = catalog.Find(tree.Root, tree.Identify()) is { } known ? StoreCatalog.Note(known) : null;
                storeDirectory = storeDirectory is null ? null : StoreFolder(tree.Root, catalog, entry, storeDirectory);
                entry ??= Add(tree, catalog, storeDirectory);
                if (SnapshotStore.HasLostDatabase(entry.StoreDirectory))
                {
                    throw DatabaseGone(tree.Root, entry);
                }

                store = SnapshotStore.OpenOrCreate(entry.StoreDirectory, options.Durability == Durability.Disk);
            }

            var manager = await StartAsync(options, entry, tree, store, cancellationToken).ConfigureAwait(false);
            return (manager, await manager.RecordBaselineAsync(progress, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            store?.Dispose();
            tree.Dispose();
            throw;
        }
    }

    /// <summary>The nearest tracked directory at or above <paramref name="directory"/>; null if there is none.</summary>
    public static string? FindWorkspace(string directory, SnapshotOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var catalog = new StoreCatalog(options.StoreHome);
        var all = new Lazy<IReadOnlyList<StoreEntry>>(catalog.All);
        for (var candidate = Path.GetFullPath(directory); candidate is not null; candidate = Path.GetDirectoryName(candidate))
        {
            if (Directory.Exists(candidate) && IsTracked(candidate, catalog, all))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Lets go of the workspace. Nothing is lost if this is never called, and nothing happens if it is called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        try
        {
            await KeepWithinBoundsBrieflyAsync().ConfigureAwait(false);
            FlushCounts();
        }
        finally
        {
            using (_tree)
            {
                _store.Dispose();
            }
        }
    }

    private static bool IsTracked(string candidate, StoreCatalog catalog, Lazy<IReadOnlyList<StoreEntry>> all)
    {
        using var tree = WorkspaceTree.Open(candidate);
        return catalog.Find(tree.Root, tree.Identify(), all) is { } entry && (SnapshotStore.Exists(entry.StoreDirectory) || SnapshotStore.HasLostDatabase(entry.StoreDirectory));
    }

    private static (WorkspaceTree Tree, StoreCatalog Catalog, StoreEntry? Entry) Locate(string workspace, SnapshotOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var tree = WorkspaceTree.Open(workspace);
        var catalog = new StoreCatalog(options.StoreHome);
        return (tree, catalog, catalog.Find(tree.Root, tree.Identify()));
    }

    /// <summary>Makes the entry of a workspace that has none; the catalog is held.</summary>
    private static StoreEntry Add(WorkspaceTree tree, StoreCatalog catalog, string? storeDirectory)
    {
        NetworkFileSystem.Refuse(storeDirectory ?? catalog.Home);
        return catalog.Add(tree.Root, tree.Identify(), storeDirectory);
    }

    /// <summary>Writes down where a workspace is that was moved; where that cannot be done, the next opening tries again.</summary>
    private static async Task<StoreEntry> NoteMoveAsync(StoreCatalog catalog, StoreEntry entry, SnapshotOptions options, CancellationToken cancellationToken)
    {
        if (!entry.IsMoved)
        {
            return entry;
        }

        try
        {
            using var held = await catalog.HoldAsync(options.Time, cancellationToken).ConfigureAwait(false);
            return StoreCatalog.Note(entry);
        }
        catch (SavepointException)
        {
            return entry;
        }
    }

    private static async Task<SnapshotStore> OpenStoreAsync(string root, StoreCatalog catalog, StoreEntry entry, SnapshotOptions options, CancellationToken cancellationToken)
    {
        var syncs = options.Durability == Durability.Disk;
        try
        {
            return SnapshotStore.Open(entry.StoreDirectory, syncs);
        }
        catch (SavepointException)
        {
            // Another process may be making it, or deleting it: whoever does that holds the catalog until it is whole, or gone.
            (await catalog.HoldAsync(options.Time, cancellationToken).ConfigureAwait(false)).Dispose();
            return SnapshotStore.Exists(entry.StoreDirectory) ? SnapshotStore.Open(entry.StoreDirectory, syncs) : throw NotTracked(root);
        }
    }

    /// <summary>Where it fails, the caller closes the store and the tree.</summary>
    private static async Task<SnapshotManager> StartAsync(SnapshotOptions options, StoreEntry entry, WorkspaceTree tree, SnapshotStore store, CancellationToken cancellationToken)
    {
        var manager = new SnapshotManager(options, entry, tree, store, entry.Record.Copy?.Branch ?? BranchTable.Main);
        manager.ReclaimFolders();
        StoreLeftovers.Reclaim(entry.Folder, entry.StoreDirectory, manager.IndexFile);
        manager.FindLost();
        await manager.ReclaimTrialsAsync().ConfigureAwait(false);
        await manager.RecoverAsync(cancellationToken).ConfigureAwait(false);
        return manager;
    }

    private static void Refuse(string root, StoreCatalog catalog, SnapshotOptions options)
    {
        var why = root switch
        {
            _ when Path.GetPathRoot(root) == root => "it is the root of the file system",
            _ when options.HomeDirectory is { } home && CanonicalPath(home) == root => "it is the home directory",
            _ when catalog.Contains(root) => "it lies inside a store of Savepoint",
            _ => null,
        };
        if (why is not null)
        {
            throw new SavepointException(ErrorCode.RefusedWorkspace, $"{root} cannot be tracked: {why}.", "Track the directory of a project instead.");
        }
    }

    /// <summary>The folder that is to hold a workspace's history, free of links and fit for it.</summary>
    private static string StoreFolder(string root, StoreCatalog catalog, StoreEntry? entry, string wanted)
    {
        var folder = CanonicalPlace(wanted);
        if (entry is null)
        {
            StorePlace.Prepare(folder, root, [.. catalog.All(), .. catalog.Untracked()]);
        }
        else if (CanonicalPlace(entry.StoreDirectory) != folder)
        {
            throw new SavepointException(ErrorCode.RefusedWorkspace, $"{root} is tracked already, and its history is in {entry.StoreDirectory}, not in {folder}.", "Leave --store out; or give that history up with 'savepoint untrack' first, and start a new one.");
        }

        return folder;
    }

    /// <summary>A path free of links that need not exist yet: the nearest directory above it that does is resolved.</summary>
    private static string CanonicalPlace(string path)
    {
        var full = Path.GetFullPath(path).TrimEnd('/');
        return Directory.Exists(full) || Path.GetDirectoryName(full) is not { } parent ? CanonicalPath(path) : Path.Combine(CanonicalPlace(parent), Path.GetFileName(full));
    }

    private static string CanonicalPath(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return Path.GetFullPath(directory);
        }

        using var tree = WorkspaceTree.Open(directory);
        return tree.Root;
    }

    private static SavepointException DatabaseGone(string root, StoreEntry entry) =>
        new(ErrorCode.Damaged, $"The database of the history of {root} is gone from {entry.StoreDirectory}.", "Run 'savepoint repair': it brings back what milestones hold. To begin anew instead, 'savepoint untrack --delete' first.");

    private static SavepointException NotTracked(string root) =>
        new(ErrorCode.NotTracked, $"{root} is not tracked.", "Run 'savepoint init' there to start.");

    /// <summary>The same, of a tree that no record is about: where a history of that path is kept, it is told how it goes on.</summary>
    private static SavepointException NotTracked(string root, StoreCatalog catalog) => catalog.All().Concat(catalog.Untracked()).Any(entry => entry.Record.Root == root)
        ? new(ErrorCode.NotTracked, $"{root} is not tracked; the history of what was tracked there before is kept.", $"'savepoint init --adopt {root}' there takes it over; 'savepoint init' starts a new one.")
        : NotTracked(root);
}
