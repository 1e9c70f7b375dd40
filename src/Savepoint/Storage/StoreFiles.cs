using System.Globalization;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage;

/// <summary>
/// What the files and folders of a store are called (docs/file-format.md, Folders and files). The folders of branches are
/// <see cref="BranchFolders"/>', the archives' is <see cref="MilestoneStore"/>'s.
/// </summary>
internal static class StoreFiles
{
    public const string Database = "store.db";
    public const string Log = "store.db-wal";
    public const string SharedMemory = "store.db-shm";

    /// <summary>A repaired database, whole and synced: only its place is missing.</summary>
    public const string Rebuilt = "store.db.rebuilt";

    /// <summary>The folder of a repair under way.</summary>
    public const string Repair = "repair";

    /// <summary>What a repair is about to put in place, in its folder.</summary>
    public const string RepairTarget = "new.db";

    /// <summary>The lock of a folder: of a working copy's own, of all stores', of the archives'.</summary>
    public const string Lock = "lock";

    public const string Watch = "watch";
    public const string Check = "check";
    public const string MainIndex = "index-main";
    public const string BranchIndex = "index";

    /// <summary>The workspace's record; of one that was untracked and whose history was kept, under another name.</summary>
    public const string Record = "workspace.json";

    /// <inheritdoc cref="Record"/>
    public const string Untracked = "untracked.json";

    private const string KeptPrefix = "damaged-";
    private const string KeptTimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The index of the workspace's own tree, and what was written aside for it.</summary>
    public static IEnumerable<string> Indexes(string store) => Directory.EnumerateFiles(store, "index-*");

    /// <summary>The same of all working copies.</summary>
    public static IEnumerable<string> AllIndexes(string store) =>
        Indexes(store).Concat(BranchFolders.All(store).SelectMany(folder => Directory.EnumerateFiles(folder, BranchIndex + "*")));

    /// <summary>The folders of what repairs have kept of a damaged store, the oldest first.</summary>
    public static IEnumerable<string> Kept(string store) => Directory.EnumerateDirectories(store, KeptPrefix + "*").Order(StringComparer.Ordinal);

    /// <summary>A folder that is not there yet, for what a repair keeps.</summary>
    public static string NewKept(string store, DateTimeOffset now)
    {
        var name = Path.Combine(store, KeptPrefix + now.ToString(KeptTimeFormat, CultureInfo.InvariantCulture));
        var free = name;
        for (var i = 2; Directory.Exists(free); i++)
        {
            free = $"{name}-{i}";
        }

        return free;
    }

    /// <summary>Deletes a store where somebody else may keep things as well: nothing goes that is not the store's by its name.</summary>
    public static void Delete(string store)
    {
        foreach (var file in Directory.EnumerateFiles(store).Where(IsStores))
        {
            File.Delete(file);
        }

        Delete(Path.Combine(store, Repair), file => IsDatabase(file) || Path.GetFileName(file).StartsWith(RepairTarget, StringComparison.Ordinal));
        foreach (var kept in Kept(store).ToList())
        {
            Delete(kept, file => IsDatabase(file) || MilestoneFile.NumberOf(file) is not null);
        }

        MilestoneStore.Delete(Path.Combine(store, MilestoneStore.FolderName));
    }

    private static void Delete(string folder, Func<string, bool> isOurs)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder).Where(isOurs))
        {
            File.Delete(file);
        }

        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private static bool IsStores(string file) =>
        IsDatabase(file) || Path.GetFileName(file) is Lock or Watch or Check || Path.GetFileName(file).StartsWith("index-", StringComparison.Ordinal);

    private static bool IsDatabase(string file) => Path.GetFileName(file) is Database or Log or SharedMemory or Rebuilt;
}
