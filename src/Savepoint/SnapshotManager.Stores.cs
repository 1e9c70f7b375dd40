using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Milestones;
using Savepoint.Workspaces;

namespace Savepoint;

/// <content>All the stores of a store home, beyond the one workspace that is open.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// All stores below <see cref="SnapshotOptions.StoreHome"/>, by workspace root, those that were untracked and kept
    /// among them. Opens none of them.
    /// </summary>
    /// <param name="options">Where the stores are.</param>
    public static IReadOnlyList<StoreSummary> Stores(SnapshotOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var catalog = new StoreCatalog(options.StoreHome);
        var tracked = catalog.All().Where(entry => entry.Record.Copy is null).Select(entry => Summarize(entry, isTracked: true));
        var untracked = catalog.Untracked().Select(entry => Summarize(entry, isTracked: false));
        return [.. tracked.Concat(untracked).OrderBy(store => store.Root, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Stops tracking a workspace, whether its tree still exists or not; of one that was untracked before, deletes the
    /// history that was kept. The tree itself is not touched.
    /// </summary>
    /// <param name="root">
    /// The workspace's root, as <see cref="StoreSummary.Root"/> gives it, or the folder of its store, as
    /// <see cref="StoreSummary.StoreDirectory"/> does: where another directory has come to stand, or another history was begun, the root means that.
    /// </param>
    /// <param name="options">Where the stores are.</param>
    /// <param name="deleteHistory">True: its store is deleted too, for good. False: it stays on disk, unused.</param>
    /// <param name="deleteCopies">Whether the working copies of branches that lie beside the history may be deleted with it. False: nothing is deleted if there are any.</param>
    /// <param name="cancellationToken">Ends the wait for another process that works on it.</param>
    /// <returns>What was there.</returns>
    /// <exception cref="SavepointException">It is not tracked, or working copies of branches would go with its history.</exception>
    public static async Task<StoreSummary> UntrackAsync(
        string root, SnapshotOptions options, bool deleteHistory = false, bool deleteCopies = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var tracked = FindTracked(root, options);
        if (tracked?.Record.Copy is { } copy)
        {
            throw new SavepointException(ErrorCode.RefusedWorkspace, $"{root} is the working copy of branch '{copy.Branch}', not a workspace.", $"'savepoint -C {StoreCatalog.WorkspaceRootOf(tracked)} branch delete {copy.Branch}' ends the branch.");
        }

        var entry = tracked ?? (deleteHistory ? FindUntracked(root, options) : null) ?? throw NotTracked(root);
        var summary = Summarize(entry, tracked is not null);
        using (Directory.Exists(entry.StoreDirectory)
            ? await HoldStoreAsync(entry.StoreDirectory, options.Time, cancellationToken).ConfigureAwait(false)
            : null)
        using (await new StoreCatalog(options.StoreHome).HoldAsync(options.Time, cancellationToken).ConfigureAwait(false))
        {
            entry = StoreCatalog.Note(entry); // what is kept is looked for where the tree is now
            if (deleteHistory)
            {
                if (!deleteCopies)
                {
                    RefuseCopies(entry);
                }

                ForgetBranches(options, entry);
            }

            if (!StoreCatalog.Remove(entry, deleteHistory))
            {
                throw NotTracked(root); // another process was faster
            }
        }

        return summary;
    }

    /// <summary>Work may stand there that is recorded nowhere, and what is recorded of it goes with the history.</summary>
    private static void RefuseCopies(StoreEntry entry)
    {
        if (BranchFolders.Copies(entry.StoreDirectory) is [var first, ..] copies)
        {
            throw new SavepointException(
                ErrorCode.RefusedWorkspace,
                $"Beside the history of {entry.Record.Root} {(copies.Count == 1 ? "lies the working copy of a branch" : $"lie the working copies of {copies.Count} branches")}, and would be deleted with it: {first}{(copies.Count == 1 ? "" : " and others")}.",
                "Merge what you need of it, or move the directory elsewhere; 'savepoint branch delete NAME' ends a branch. 'savepoint untrack --delete --force' deletes it all.");
        }
    }

    /// <summary>Deletes what the store has of branches. Copies that were wanted elsewhere stay, and are ordinary directories from then on.</summary>
    private static void ForgetBranches(SnapshotOptions options, StoreEntry entry)
    {
        foreach (var copy in new StoreCatalog(options.StoreHome).CopiesOf(entry))
        {
            StoreCatalog.RemoveCopy(copy);
        }

        foreach (var name in BranchFolders.Names)
        {
            Workspaces.Copies.FolderRemoval.Delete(Path.Combine(entry.StoreDirectory, name));
        }
    }

    private static StoreEntry? FindTracked(string root, SnapshotOptions options)
    {
        if (Directory.Exists(root))
        {
            var (tree, catalog, entry) = Locate(root, options);
            using (tree)
            {
                return entry ?? catalog.All().FirstOrDefault(candidate => IsStore(candidate, tree.Root));
            }
        }

        var gone = Path.GetFullPath(root).TrimEnd('/');
        return new StoreCatalog(options.StoreHome).All().FirstOrDefault(entry => IsNamed(entry, gone));
    }

    private static StoreEntry? FindUntracked(string root, SnapshotOptions options)
    {
        var canonical = CanonicalPath(root);
        return new StoreCatalog(options.StoreHome).Untracked().FirstOrDefault(entry => entry.Record.Root == canonical || IsStore(entry, canonical));
    }

    private static StoreSummary Summarize(StoreEntry entry, bool isTracked)
    {
        var size = !Directory.Exists(entry.StoreDirectory) ? 0
            : Directory.EnumerateFiles(entry.StoreDirectory).Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0)
                + new MilestoneStore(Path.Combine(entry.StoreDirectory, MilestoneStore.FolderName)).SizeBytes();
        return new StoreSummary(entry.Record.Root, entry.StoreDirectory, size, isTracked, IsOrphan(entry));
    }

    /// <summary>Whether no directory is there any more that the store could belong to.</summary>
    private static bool IsOrphan(StoreEntry entry)
    {
        if (!Directory.Exists(entry.Record.Root))
        {
            return true;
        }

        try
        {
            using var tree = WorkspaceTree.Open(entry.Record.Root);
            return !entry.Record.Identity.IsSameDirectory(tree.Identify());
        }
        catch (SavepointException)
        {
            return false; // it cannot be looked at, so nothing is known against it
        }
    }
}
