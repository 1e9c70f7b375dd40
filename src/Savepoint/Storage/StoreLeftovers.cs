using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage;

/// <summary>
/// What processes that died may have left in a store's folder: files that were written aside. Looked for at each opening,
/// by name, so that it costs microseconds; what a living process is writing is held by it and stays.
/// </summary>
internal static class StoreLeftovers
{
    /// <summary>Deletes what nobody writes any more. A failure is none: the next opening tries again.</summary>
    /// <param name="folder">The workspace's folder in the catalog.</param>
    /// <param name="storeDirectory">Where its database is.</param>
    /// <param name="indexFile">The index of the working copy that is opened.</param>
    public static void Reclaim(string folder, string storeDirectory, string indexFile)
    {
        DeleteUnlessHeld(Path.Combine(folder, WorkspaceRecordFile.AsideName));
        DeleteUnlessHeld(indexFile + ".new");
        DeleteUnlessHeld(indexFile + "-turns.new");
        var milestones = Path.Combine(storeDirectory, MilestoneStore.FolderName);
        if (File.Exists(Path.Combine(milestones, MilestoneFileWriter.AsideName)))
        {
            // An archive is closed before it gets its name: only the folder's lock tells whether its writer lives.
            using var held = WorkspaceLock.TryExclusive(milestones);
            DeleteUnlessHeld(held is null ? null : Path.Combine(milestones, MilestoneFileWriter.AsideName));
        }
    }

    private static void DeleteUnlessHeld(string? file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            // Whoever writes it holds it; held here while it is deleted, nobody begins to write it.
            using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SavepointException)
        {
            // In use, or it cannot be deleted: it is small, and in nobody's way.
        }
    }
}
