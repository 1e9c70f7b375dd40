using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <content>A history that goes to another tree.</content>
public sealed partial class SnapshotManager
{
    /// <summary>Gives the history of a workspace that is gone, or that was untracked, to the tree at <paramref name="workspace"/>.</summary>
    /// <param name="workspace">The root that takes it over.</param>
    /// <param name="oldRoot">Where the workspace was, or the folder that holds its history, as <see cref="StoreSummary"/> gives both.</param>
    /// <param name="options">Where the stores are.</param>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <exception cref="SavepointException">No history was recorded for the old path, its workspace still is there, or the new one has its own.</exception>
    public static async Task<SnapshotManager> AdoptAsync(string workspace, string oldRoot, SnapshotOptions options, CancellationToken cancellationToken = default)
    {
        var (tree, catalog, _) = Locate(workspace, options);
        using (tree)
        using (await catalog.HoldAsync(options.Time, cancellationToken).ConfigureAwait(false))
        {
            var own = catalog.Find(tree.Root, tree.Identify());
            if (own is not null && !IsOf(own, Named(oldRoot)))
            {
                throw new SavepointException(ErrorCode.RefusedWorkspace, $"{tree.Root} has a history of its own.", "'savepoint untrack' gives it up first.");
            }

            Refuse(tree.Root, catalog, options);
            if (own is null) // else it has gone along with its tree, or was taken over already
            {
                StoreCatalog.Adopt(FindGone(catalog, oldRoot), tree.Root, tree.Identify());
            }
        }

        return await OpenAsync(workspace, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The history of a path that no directory there goes on with: an agent's or a script's word must not take another's.</summary>
    private static StoreEntry FindGone(StoreCatalog catalog, string oldRoot)
    {
        var named = Named(oldRoot);
        List<StoreEntry> tracked = [.. catalog.All().Where(entry => IsNamed(entry, named))];
        return tracked.Find(IsOrphan)
            ?? (tracked is [var live, ..] ? throw StillThere(live.Record.Root) : catalog.Untracked().FirstOrDefault(entry => IsNamed(entry, named)))
            ?? throw new SavepointException(ErrorCode.NotTracked, $"No history was recorded for {oldRoot}.", "'savepoint stores' lists the workspaces that have one.");
    }

    private static string Named(string oldRoot) => Path.GetFullPath(oldRoot).TrimEnd('/');

    /// <summary>Whether a tree's history is the one of a path at which nothing goes on with it.</summary>
    private static bool IsOf(StoreEntry own, string path) => own.Record.Was == path || (own.Record.Root != path && IsStore(own, path));

    /// <summary>Whether a path is a history's workspace, or the folder that it is in: two may have had one root, one after the other.</summary>
    private static bool IsNamed(StoreEntry entry, string path) => entry.Record.Root == path || IsStore(entry, path);

    private static bool IsStore(StoreEntry entry, string path) => entry.Record.Copy is null && (entry.StoreDirectory == path || entry.Folder == path);

    private static SavepointException StillThere(string root) =>
        new(ErrorCode.RefusedWorkspace, $"The workspace {root} is still there and goes on with its history.", $"To begin a history of its own here, run 'savepoint init'. To take that one over, give it up first with 'savepoint untrack -C {root}'.");
}
