using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// A folder that somebody named for one workspace's history (<c>init --store</c>). In goes the folder, out comes that it is
/// empty and this user's alone, or a refusal: what is in it would be read by others, taken for the history or deleted with it.
/// </summary>
internal static class StorePlace
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Refuses a folder that another history has, in which a workspace lies, or that holds anything; makes it private if it is there.</summary>
    /// <param name="folder">The folder, absolute and free of links; it need not exist.</param>
    /// <param name="root">The workspace that is to have its history there.</param>
    /// <param name="entries">All histories that are known, those that are kept unused too.</param>
    /// <exception cref="SavepointException">It is refused.</exception>
    public static void Prepare(string folder, string root, IReadOnlyList<StoreEntry> entries)
    {
        if (entries.FirstOrDefault(entry => entry.StoreDirectory == folder) is { } taken)
        {
            throw Refused(folder, root, $"it holds the history of {StoreCatalog.WorkspaceRootOf(taken)}");
        }

        if (entries.Select(entry => entry.Record.Root).Prepend(root).FirstOrDefault(inside => StoreCatalog.IsWithin(inside, folder)) is { } workspace)
        {
            throw Refused(folder, root, $"the workspace {workspace} lies in it");
        }

        if (entries.FirstOrDefault(entry => entry.Record.Root != root && StoreCatalog.IsWithin(folder, entry.Record.Root)) is { } around)
        {
            throw Refused(folder, root, $"it lies in the workspace {around.Record.Root}, whose history would record it and whose rollbacks would write it");
        }

        try
        {
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                throw Refused(folder, root, SnapshotStore.Exists(folder) ? "it holds a history of which nothing is known here" : "something else is there");
            }

            if (Directory.Exists(folder) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, Private);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(ErrorCode.PermissionDenied, $"The folder {folder} cannot be made this user's alone: {e.Message}", "Name another with 'init --store'.", e);
        }
    }

    private static SavepointException Refused(string folder, string root, string why) =>
        new(ErrorCode.RefusedWorkspace, $"The history of {root} cannot be put into {folder}: {why}.", "Name a new or an empty folder with 'init --store'.");
}
