using System.Text;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The folder of all stores: which workspace has which (docs/file-format.md, Folders and files). A workspace is found by
/// its root's path, checked by its identity; one that moved is found by its identity alone.
/// </summary>
internal sealed class StoreCatalog(string home)
{
    private const string DeletedMark = ".deleted-";

    /// <summary>The folder of all stores.</summary>
    public string Home { get; } = home;

    /// <summary>All stores, by workspace root.</summary>
    public IReadOnlyList<StoreEntry> All() => Directory.Exists(Home)
        ? [.. Directory.EnumerateDirectories(Home).Select(TryRead).OfType<StoreEntry>().OrderBy(entry => entry.Record.Root, StringComparer.Ordinal)]
        : [];

    /// <summary>The stores that were untracked and kept.</summary>
    public IEnumerable<StoreEntry> Untracked() => !Directory.Exists(Home) ? []
        : Directory.EnumerateDirectories(Home)
            .Select(folder => WorkspaceRecordFile.TryRead(Path.Combine(folder, StoreFiles.Untracked)) is { } record ? new StoreEntry(folder, record) : null)
            .OfType<StoreEntry>();

    /// <summary>
    /// The store of the workspace whose root is <paramref name="root"/> now; null if it is not tracked. A workspace that
    /// was moved here takes its store along (<see cref="Note"/>). Nothing is written.
    /// </summary>
    /// <param name="root">The root.</param>
    /// <param name="identity">The root directory itself.</param>
    /// <param name="all">All stores, for whoever asks for several roots; null: they are read if they are needed.</param>
    public StoreEntry? Find(string root, WorkspaceIdentity identity, Lazy<IReadOnlyList<StoreEntry>>? all = null)
    {
        if (TryRead(FolderOf(root)) is { } atPath && atPath.Record.Root == root)
        {
            if (atPath.Record.Identity.IsSameDirectory(identity))
            {
                return atPath;
            }

            if (atPath.Record.Identity with { Device = identity.Device } == identity)
            {
                return Moved(atPath, root, identity); // the same inode born at the same time on a device of another number: the machine was restarted
            }
        }

        var moved = (all?.Value ?? All()).FirstOrDefault(entry => entry.Record.Identity.IsSameDirectory(identity) && identity.Inode != 0);
        return moved is null ? null : Moved(moved, root, identity);
    }

    /// <summary>Writes down where a workspace is that <see cref="Find"/> found moved; where it cannot be written, the next opening tries again. The catalog must be held.</summary>
    public static StoreEntry Note(StoreEntry entry)
    {
        if (!entry.IsMoved)
        {
            return entry;
        }

        try
        {
            return Update(entry, entry.Record.Root, entry.Record.Identity);
        }
        catch (SavepointException)
        {
            return entry;
        }
    }

    /// <summary>Makes the folder of all stores, if it is not there, and holds it until disposed: no other process adds to it meanwhile.</summary>
    public Task<WorkspaceLock> HoldAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        CreatePrivateDirectory(Home);
        return WorkspaceLock.ExclusiveAsync(Home, time, cancellationToken);
    }

    /// <summary>Makes an entry for a workspace; the catalog must be held. Its database, in <see cref="StoreEntry.StoreDirectory"/>, is made by the caller.</summary>
    public StoreEntry Add(string root, WorkspaceIdentity identity, string? storeDirectory)
    {
        RemoveDeleted();
        var folder = FreeFolder(root);
        CreatePrivateDirectory(folder);
        if (storeDirectory is not null)
        {
            CreatePrivateDirectory(storeDirectory);
        }

        var entry = new StoreEntry(folder, new WorkspaceRecord(root, identity, storeDirectory));
        WorkspaceRecordFile.Write(Path.Combine(folder, StoreFiles.Record), entry.Record);
        DirectorySync.Sync(Home);
        return entry;
    }

    /// <summary>Makes an entry for a branch's working copy, which has its history in the store of another; the catalog must be held.</summary>
    public StoreEntry AddCopy(string root, WorkspaceIdentity identity, string storeDirectory, CopyOf of)
    {
        var folder = FreeFolder(root);
        CreatePrivateDirectory(folder);
        var entry = new StoreEntry(folder, new WorkspaceRecord(root, identity, storeDirectory, of));
        WorkspaceRecordFile.Write(Path.Combine(folder, StoreFiles.Record), entry.Record);
        DirectorySync.Sync(Home);
        return entry;
    }

    /// <summary>The entries of the working copies of a workspace's branches.</summary>
    public IReadOnlyList<StoreEntry> CopiesOf(StoreEntry workspace) => [.. All().Where(entry => entry.Record.Copy?.Folder == workspace.Folder)];

    /// <summary>Forgets the entry of a branch's working copy. The store is not touched.</summary>
    public static void RemoveCopy(StoreEntry entry)
    {
        File.Delete(Path.Combine(entry.Folder, StoreFiles.Record));
        DeleteAll(entry.Folder);
    }

    /// <summary>Where the workspace is whose entry this is, or, of a copy, whose branch it has.</summary>
    public static string WorkspaceRootOf(StoreEntry entry) => entry.Record.Copy is { } copy && TryRead(copy.Folder) is { } workspace ? workspace.Record.Root : entry.Record.Root;

    /// <summary>Gives the history of one entry, untracked or not, to the tree that is now at <paramref name="root"/>.</summary>
    public static void Adopt(StoreEntry entry, string root, WorkspaceIdentity identity)
    {
        Update(entry, root, identity);
        File.Delete(Path.Combine(entry.Folder, StoreFiles.Untracked)); // last: a history must not be nobody's
    }

    /// <summary>Forgets an entry, and with <paramref name="deleteHistory"/> deletes its store. The catalog must be held.</summary>
    /// <returns>Whether it was still there.</returns>
    public static bool Remove(StoreEntry entry, bool deleteHistory)
    {
        var record = Path.Combine(entry.Folder, StoreFiles.Record);
        if (!Directory.Exists(entry.Folder) || (!deleteHistory && !File.Exists(record)))
        {
            return false;
        }

        if (!deleteHistory)
        {
            File.Move(record, Path.Combine(entry.Folder, StoreFiles.Untracked), overwrite: true);
            return true;
        }

        if (entry.Record.StoreDirectory is { } elsewhere && Directory.Exists(elsewhere))
        {
            StoreFiles.Delete(elsewhere);
        }

        // Found by nobody and out of the way first: a process that still has it open must not make a file in what is being deleted.
        File.Delete(record);
        var aside = $"{entry.Folder}{DeletedMark}{Environment.ProcessId}";
        Directory.Move(entry.Folder, aside);
        DeleteAll(aside);
        return true;
    }

    /// <summary>Goes on with deletions whose process died. The catalog must be held, as whoever deletes holds it.</summary>
    private void RemoveDeleted()
    {
        foreach (var folder in Directory.EnumerateDirectories(Home, $"*{DeletedMark}*"))
        {
            DeleteAll(folder);
        }
    }

    /// <summary>One that had found its way into the folder before it moved may still make a file there, after the folder was listed.</summary>
    private static void DeleteAll(string folder)
    {
        const int MaxAttempts = 20;
        for (var attempt = 1; Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                // Listed anew.
            }
        }
    }

    /// <summary>Whether a directory is this folder, lies in it, or lies in one of its stores.</summary>
    public bool Contains(string directory) =>
        IsWithin(directory, Home) || All().Any(entry => IsWithin(directory, entry.StoreDirectory));

    /// <summary>Whether a path is a directory's or lies in it.</summary>
    public static bool IsWithin(string directory, string parent) =>
        directory == parent || directory.StartsWith(parent.TrimEnd('/') + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static StoreEntry Moved(StoreEntry entry, string root, WorkspaceIdentity identity) =>
        entry with { Record = entry.Record.At(root, identity), IsMoved = true };

    private static StoreEntry Update(StoreEntry entry, string root, WorkspaceIdentity identity)
    {
        // The folder keeps its name: other processes may be at work in it.
        var updated = entry with { Record = entry.Record.At(root, identity), IsMoved = false };
        WorkspaceRecordFile.Write(Path.Combine(entry.Folder, StoreFiles.Record), updated.Record);
        return updated;
    }

    private static StoreEntry? TryRead(string folder) =>
        WorkspaceRecordFile.TryRead(Path.Combine(folder, StoreFiles.Record)) is { } record ? new StoreEntry(folder, record) : null;

    private string FreeFolder(string root)
    {
        // Another workspace's history may stand at the same path's folder: it is kept beside. One where nothing was begun is used.
        var folder = FolderOf(root);
        for (var i = 2; Directory.Exists(folder) && !IsBlank(folder); i++)
        {
            folder = $"{FolderOf(root)}-{i}";
        }

        return folder;
    }

    /// <summary>Whether a process that died had got no further than making the folder.</summary>
    private static bool IsBlank(string folder) => Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry) == WorkspaceRecordFile.AsideName);

    private string FolderOf(string root)
    {
        var name = new string([.. Path.GetFileName(root.TrimEnd('/')).Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')]).TrimStart('.');
        var key = ContentId.Of(Encoding.UTF8.GetBytes(root)).ToString()[..16];
        return Path.Combine(Home, $"{name}-{key}");
    }

    /// <summary>Makes a directory for this user alone, if it is not there.</summary>
    public static void CreatePrivateDirectory(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(ErrorCode.PermissionDenied, $"The store's folder {path} cannot be made: {e.Message}", "Name another with SAVEPOINT_HOME or 'init --store'.", e);
        }
    }
}

/// <summary>A workspace and its store.</summary>
/// <param name="Folder">Its folder in the catalog.</param>
/// <param name="Record">Which tree it is.</param>
internal sealed record StoreEntry(string Folder, WorkspaceRecord Record)
{
    /// <summary>Whether its tree was moved, and the record on the disk still names the place before.</summary>
    public bool IsMoved { get; init; }

    /// <summary>Where the database is.</summary>
    public string StoreDirectory => Record.StoreDirectory ?? Folder;
}
