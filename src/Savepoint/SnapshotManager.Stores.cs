using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces;

namespace Savepoint;

/// <content>All the stores of a store home, beyond the one workspace that is open.</content>
public sealed partial class SnapshotManager
{
    /// <summary>All stores below <see cref="SnapshotOptions.StoreHome"/>, by workspace root. Opens none of them.</summary>
    /// <param name="options">Where the stores are.</param>
    public static IReadOnlyList<StoreSummary> Stores(SnapshotOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return [.. new StoreCatalog(options.StoreHome).All().Select(Summarize)];
    }

    /// <summary>Stops tracking a workspace, whether its tree still exists or not. The tree itself is not touched.</summary>
    /// <param name="root">The workspace's root, as <see cref="StoreSummary.Root"/> gives it.</param>
    /// <param name="options">Where the stores are.</param>
    /// <param name="deleteHistory">True: its store is deleted too, for good. False: it stays on disk, unused.</param>
    /// <param name="cancellationToken">Ends the wait for another process that works on it.</param>
    /// <returns>What was there.</returns>
    /// <exception cref="SavepointException">It is not tracked.</exception>
    public static async Task<StoreSummary> UntrackAsync(string root, SnapshotOptions options, bool deleteHistory = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var entry = FindByRoot(root, options) ?? throw NotTracked(root);
        var summary = Summarize(entry);
        using (Directory.Exists(entry.StoreDirectory)
            ? await WorkspaceLock.ExclusiveAsync(entry.StoreDirectory, options.Time, cancellationToken).ConfigureAwait(false)
            : null)
        {
            StoreCatalog.Remove(entry, deleteHistory);
        }

        return summary;
    }

    private static StoreEntry? FindByRoot(string root, SnapshotOptions options)
    {
        if (Directory.Exists(root))
        {
            var (tree, _, entry) = Locate(root, options);
            using (tree)
            {
                return entry;
            }
        }

        var gone = Path.GetFullPath(root).TrimEnd('/');
        return new StoreCatalog(options.StoreHome).All().FirstOrDefault(entry => entry.Record.Root == gone);
    }

    private static StoreSummary Summarize(StoreEntry entry)
    {
        var size = !Directory.Exists(entry.StoreDirectory) ? 0
            : Directory.EnumerateFiles(entry.StoreDirectory).Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0);
        return new StoreSummary(entry.Record.Root, entry.StoreDirectory, size, IsOrphan(entry));
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
            return !entry.Record.Identity.IsSameDirectory(IdentityOf(tree));
        }
        catch (SavepointException)
        {
            return false; // it cannot be looked at, so nothing is known against it
        }
    }
}
