using System.Buffers.Binary;
using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Rebuilds a damaged store beside it, from what can be read of its rows and archives, and then puts it in its place. Nothing
/// is deleted: the damaged files move into a folder of their own. Killed at any moment, the next run goes on.
/// </summary>
/// <param name="directory">The store's folder, whose workspace lock is held alone.</param>
/// <param name="known">The greatest number that anything beside the database knows of; 0 for none.</param>
/// <param name="readWorking">What stands at a path in the working tree; null if no file does.</param>
/// <param name="copies">What the catalog of stores says of the branches' working copies.</param>
/// <param name="time">For the name of the folder that takes the damaged files.</param>
internal sealed class StoreRepair(string directory, long known, Func<WorkspacePath, byte[]?> readWorking, IReadOnlyList<RecordedCopy> copies, TimeProvider time)
{
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
        using var held = new HeldDatabase();
        return HeldDatabase.While(Path.Combine(directory, StoreFiles.Database), () => Run(held, dryRun, cancellationToken));
    }

    private (List<string> Recovered, List<string> Lost, StoreDamage Found, string? KeptIn) Run(HeldDatabase held, bool dryRun, CancellationToken cancellationToken)
    {
        var work = Path.Combine(directory, StoreFiles.Repair);
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true); // of a repair that died, or was only tried
        }

        StoreCatalog.CreatePrivateDirectory(work);
        try
        {
            var rebuilt = Path.Combine(work, StoreFiles.RepairTarget);
            var found = Rebuild(CopyDamaged(work, held), rebuilt, dryRun, cancellationToken);
            return (_recovered, _lost, found, dryRun ? null : PutInPlace(rebuilt, held));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>
    /// Finishes what a repair that died had nearly done. While the damaged database stands, others may have recorded into it
    /// since: what was rebuilt then is dropped, and rebuilt anew from what is there now.
    /// </summary>
    public void FinishInterrupted()
    {
        if (!File.Exists(Path.Combine(directory, StoreFiles.Rebuilt)))
        {
            return;
        }

        if (SnapshotStore.Exists(directory))
        {
            File.Delete(Path.Combine(directory, StoreFiles.Rebuilt));
        }
        else
        {
            Swap();
        }
    }

    /// <summary>A copy to work on, without the shared memory, which SQLite makes anew from the log, and with a header that can be read.</summary>
    private string CopyDamaged(string work, HeldDatabase held)
    {
        var copy = Path.Combine(work, StoreFiles.Database);
        var source = Path.Combine(directory, SnapshotStore.Exists(directory) ? StoreFiles.Database : StoreFiles.Rebuilt); // the latter, where a repair died while it replaced the one by the other
        if (File.Exists(source))
        {
            held.Copy(source, copy);
            MendHeader(copy);
        }

        if (File.Exists(source + "-wal"))
        {
            held.Copy(source + "-wal", copy + "-wal");
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

    private StoreDamage Rebuild(string damaged, string rebuilt, bool dryRun, CancellationToken cancellationToken)
    {
        using var archives = new MilestoneStore(Path.Combine(directory, MilestoneStore.FolderName));
        using var target = StoreDatabase.OpenOrCreate(rebuilt, syncEachCommit: false);
        var torn = Salvage(damaged, target);
        cancellationToken.ThrowIfCancellationRequested();
        var contents = new ContentRescue(target, archives, readWorking);
        contents.Run();
        cancellationToken.ThrowIfCancellationRequested();
        var reader = new SnapshotReader(target);
        var branches = new BranchRescue(target, copies);
        var history = new HistoryRescue(target, reader, archives, contents, branches, torn, time.GetUtcNow());
        history.Run();
        Say(contents.RecoveredCount, "content", "came back from an archive or the working tree");
        Say(history.RecoveredCount, "snapshot", "came back from an archive");
        if (torn is { Count: > 0 })
        {
            _recovered.Add($"what could be read of {string.Join(", ", torn)}");
            _lost.AddRange(TornTables.Lost(torn));
        }

        _lost.AddRange(history.Lost);
        Hold(target, archives, torn, branches.Rescued);
        NoteKnown(target);
        var found = new StoreVerifier(target, reader).Run(deep: true, cancellationToken);
        _lost.AddRange(found.Problems);
        if (dryRun)
        {
            var (again, gone) = new ArchivesAnew(target, archives).Foresee(cancellationToken);
            _recovered.AddRange(again);
            _lost.AddRange(gone);
        }

        target.Checkpoint();
        return found;
    }

    /// <summary>The indexes that know of it go with the old database. Where nothing is left at all, a history begins anew.</summary>
    private void NoteKnown(StoreDatabase target)
    {
        var numbers = new LostNumbers(target);
        if (target.Read(() => target.Prepare("SELECT 1 FROM snapshots LIMIT 1").Scalar()) is not null)
        {
            numbers.Note(known, time.GetUtcNow());
        }

        _lost.AddRange(numbers.Unlisted().Select(range => range.ToString()));
    }

    /// <summary>What came back is not to be freed by the next clean-up because the row that held it did not.</summary>
    private void Hold(StoreDatabase target, MilestoneStore archives, List<string>? torn, IReadOnlySet<long> rescued)
    {
        var places = new CopyRescue(target, directory, copies, isTorn: torn is null || torn.Contains("branches") || torn.Contains("working_copies"), rescued);
        target.Write(places.Run);
        _recovered.AddRange(places.Recovered);
        _lost.AddRange(places.Lost);
        if (torn is null || torn.Contains("labels"))
        {
            var labels = new LabelRescue(target, archives);
            target.Write(labels.Run);
            _recovered.AddRange(labels.Recovered);
        }
    }

    /// <summary>The names of the tables of which something could not be read; null where nothing could.</summary>
    private List<string>? Salvage(string path, StoreDatabase target)
    {
        try
        {
            using var damaged = StoreDatabase.OpenForSalvage(path);
            return damaged.Read(() => damaged.Prepare("SELECT 1 FROM sqlite_schema LIMIT 1").Scalar()) is null
                ? NothingRead("it is empty")
                : target.Write(() => new SalvagedRows(damaged, target).Copy());
        }
        catch (SavepointException e)
        {
            return NothingRead(e.Message.TrimEnd('.'));
        }
    }

    private List<string>? NothingRead(string why)
    {
        _lost.Add($"database: nothing of it can be read ({why}); what archives do not hold of the history is gone, and so are names of states, verifications, decisions, experiments and events");
        return null;
    }

    private void Say(int count, string what, string how)
    {
        if (count > 0)
        {
            _recovered.Add($"{count} {what}{(count == 1 ? "" : "s")} {how}");
        }
    }

    private string PutInPlace(string rebuilt, HeldDatabase held)
    {
        var kept = Keep(held);
        Sync(rebuilt);
        File.Move(rebuilt, Path.Combine(directory, StoreFiles.Rebuilt), overwrite: true);
        DirectorySync.Sync(directory);
        Swap();
        return kept;
    }

    /// <summary>Copies the damaged files, on the disk before they are replaced.</summary>
    private string Keep(HeldDatabase held)
    {
        var kept = StoreFiles.NewKept(directory, time.GetUtcNow());
        StoreCatalog.CreatePrivateDirectory(kept);
        foreach (var name in (string[])[StoreFiles.Database, StoreFiles.Log])
        {
            var (source, copy) = (Path.Combine(directory, name), Path.Combine(kept, name));
            if (File.Exists(source))
            {
                held.Copy(source, copy);
                Sync(copy);
            }
        }

        DirectorySync.Sync(kept);
        DirectorySync.Sync(directory);
        return kept;
    }

    /// <summary>
    /// The old database goes first: nobody records into it from then on, and that it is gone says that this has begun. The old
    /// log must not be applied to the new database, so it goes next.
    /// </summary>
    private void Swap()
    {
        var database = Path.Combine(directory, StoreFiles.Database);
        File.Delete(database);
        DirectorySync.Sync(directory);
        File.Delete(Path.Combine(directory, StoreFiles.Log));
        File.Delete(Path.Combine(directory, StoreFiles.SharedMemory));
        foreach (var index in StoreFiles.AllIndexes(directory))
        {
            File.Delete(index); // of another history; the greatest number that they know of is noted
        }

        DirectorySync.Sync(directory);
        File.Move(Path.Combine(directory, StoreFiles.Rebuilt), database);
        DirectorySync.Sync(directory);
    }

    private static void Sync(string file)
    {
        using var stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
