using System.Buffers.Binary;
using System.Globalization;
using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Rebuilds a damaged store beside it, from what can be read of its rows and archives, and then puts it in its place. Nothing
/// is deleted: the damaged files move into a folder of their own. Killed at any moment, the next run goes on.
/// </summary>
/// <param name="directory">The store's folder, whose workspace lock is held alone.</param>
/// <param name="readWorking">What stands at a path in the working tree; null if no file does.</param>
/// <param name="time">For the name of the folder that takes the damaged files.</param>
internal sealed class StoreRepair(string directory, Func<WorkspacePath, byte[]?> readWorking, TimeProvider time)
{
    /// <summary>What the folders of damaged files are called, before the time.</summary>
    public const string KeptPrefix = "damaged-";

    private const string WorkFolder = "repair";
    private const string Database = "store.db";
    private const string Rebuilt = "store.db.rebuilt"; // whole and synced: only its place is missing
    private const int HeaderBytes = 100;
    private const int PageBytes = 2048;

    private readonly List<string> _recovered = [];
    private readonly List<string> _lost = [];

    /// <summary>Rebuilds the database, and, unless it is only to be tried, puts it in place.</summary>
    /// <param name="dryRun">Whether nothing is to be changed.</param>
    /// <param name="cancellationToken">Stops it with nothing changed.</param>
    /// <returns>What came back, what is lost, what the new database holds, and where the damaged one is.</returns>
    public (List<string> Recovered, List<string> Lost, StoreDamage Found, string? KeptIn) Run(bool dryRun, CancellationToken cancellationToken)
    {
        var work = Path.Combine(directory, WorkFolder);
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true); // of a repair that died, or was only tried
        }

        StoreCatalog.CreatePrivateDirectory(work);
        try
        {
            var rebuilt = Path.Combine(work, "new.db");
            var found = Rebuild(CopyDamaged(work), rebuilt, cancellationToken);
            return (_recovered, _lost, found, dryRun ? null : PutInPlace(rebuilt));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Finishes what a repair that died had nearly done; whether there was anything.</summary>
    public bool FinishInterrupted()
    {
        if (!File.Exists(Path.Combine(directory, Rebuilt)))
        {
            return false;
        }

        Swap();
        return true;
    }

    /// <summary>A copy to work on, without the shared memory, which SQLite makes anew from the log, and with a header that can be read.</summary>
    private string CopyDamaged(string work)
    {
        var copy = Path.Combine(work, Database);
        var source = Path.Combine(directory, Database);
        if (File.Exists(source))
        {
            File.Copy(source, copy);
            MendHeader(copy);
        }

        if (File.Exists(source + "-wal"))
        {
            File.Copy(source + "-wal", copy + "-wal");
        }

        return copy;
    }

    /// <summary>What the first hundred bytes of a store's database say is known (sqlite.org/fileformat2.html, section 1.3).</summary>
    private static void MendHeader(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        if (file.Length < PageBytes)
        {
            return;
        }

        var header = new byte[HeaderBytes];
        file.ReadExactly(header);
        "SQLite format 3\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(16), PageBytes);
        (header[18], header[19], header[20], header[21], header[22], header[23]) = (2, 2, 0, 64, 32, 32);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(28), (int)(file.Length / PageBytes));
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(32), 0); // nothing will be written: no page need be free
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(36), 0);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(44), 4);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(56), 1);
        header.AsSpan(24, 4).CopyTo(header.AsSpan(92));
        file.Position = 0;
        file.Write(header);
    }

    private StoreDamage Rebuild(string damaged, string rebuilt, CancellationToken cancellationToken)
    {
        using var archives = new MilestoneStore(Path.Combine(directory, MilestoneStore.FolderName));
        using var target = StoreDatabase.OpenOrCreate(rebuilt, syncEachCommit: false);
        var torn = Salvage(damaged, target);
        cancellationToken.ThrowIfCancellationRequested();
        var contents = new ContentRescue(target, archives, readWorking);
        contents.Run();
        cancellationToken.ThrowIfCancellationRequested();
        var reader = new SnapshotReader(target);
        var history = new HistoryRescue(target, reader, archives, contents);
        history.Run();
        Say(contents.RecoveredCount, "content", "came back from an archive or the working tree");
        Say(history.RecoveredCount, "snapshot", "came back from an archive");
        if (torn.Count > 0)
        {
            _recovered.Add($"what could be read of {string.Join(", ", torn)}");
        }

        _lost.AddRange(history.Lost);
        var found = new StoreVerifier(target, reader).Run(deep: true, cancellationToken);
        _lost.AddRange(found.Problems);
        target.Checkpoint();
        return found;
    }

    private List<string> Salvage(string path, StoreDatabase target)
    {
        try
        {
            using var damaged = StoreDatabase.OpenForSalvage(path);
            return target.Write(() => new SalvagedRows(damaged, target).Copy());
        }
        catch (SavepointException e)
        {
            _lost.Add($"database: nothing of it can be read ({e.Message})");
            return [];
        }
    }

    private void Say(int count, string what, string how)
    {
        if (count > 0)
        {
            _recovered.Add($"{count} {what}{(count == 1 ? "" : "s")} {how}");
        }
    }

    private string PutInPlace(string rebuilt)
    {
        var kept = FreeFolder();
        StoreCatalog.CreatePrivateDirectory(kept);
        foreach (var suffix in (string[])["", "-wal"])
        {
            var source = Path.Combine(directory, Database + suffix);
            if (File.Exists(source))
            {
                File.Copy(source, Path.Combine(kept, Database + suffix));
            }
        }

        Sync(rebuilt);
        File.Move(rebuilt, Path.Combine(directory, Rebuilt), overwrite: true);
        DirectorySync.Sync(directory);
        Swap();
        return kept;
    }

    /// <summary>The old log must not be applied to the new database, so it goes first; until the new one is in its place, it is found and this is done again.</summary>
    private void Swap()
    {
        var database = Path.Combine(directory, Database);
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        foreach (var index in Directory.EnumerateFiles(directory, "index-*"))
        {
            File.Delete(index); // derived, and of another history
        }

        File.Move(Path.Combine(directory, Rebuilt), database, overwrite: true);
        DirectorySync.Sync(directory);
    }

    private string FreeFolder()
    {
        var name = Path.Combine(directory, KeptPrefix + time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var free = name;
        for (var i = 2; Directory.Exists(free); i++)
        {
            free = $"{name}-{i}";
        }

        return free;
    }

    private static void Sync(string file)
    {
        using var stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
