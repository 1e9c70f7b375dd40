using Savepoint.Model;
using Savepoint.Storage.Milestones;
using Savepoint.Storage.Packs;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Finds the contents of a salvaged database that do not decode to what their hashes say, and takes their bytes from where
/// they stand as well: an archive, or the working tree. What stands nowhere keeps its row, without bytes, so that a
/// verification names it.
/// </summary>
internal sealed class ContentRescue(StoreDatabase database, MilestoneStore archives, Func<WorkspacePath, byte[]?> readWorking)
{
    private const string AsideSuffix = ".content";

    private readonly ContentStore _contents = new(database);

    /// <summary>How many contents were unreadable and are whole again.</summary>
    public int RecoveredCount { get; private set; }

    public void Run()
    {
        var bad = Unreadable(Rows("SELECT id FROM contents"));
        Empty(BadInThemselves(bad)); // so that these are taken in again, be it as a part of another
        foreach (var row in bad)
        {
            TryMend(row);
        }

        var lost = Unreadable(bad);
        RecoveredCount = bad.Count - lost.Count;
        Empty(lost);
    }

    /// <summary>The row of a content that a record names, with its bytes if they stand anywhere.</summary>
    public long RowOf(ContentId id, long sizeBytes)
    {
        if (database.Read(() => ContentRows.Find(database, id)) is { } present)
        {
            return present;
        }

        if (OpenArchived(id) is { } archived)
        {
            using (archived)
            {
                Store(id, archived);
            }

            return database.Read(() => ContentRows.Find(database, id))!.Value;
        }

        return database.Write(() =>
        {
            database.Prepare("INSERT INTO contents (hash, size, method, position, data) VALUES ($1, $2, 0, 0, x'')").Execute(id.ToBytes(), sizeBytes);
            return database.LastInsertedRow();
        });
    }

    /// <summary>Those that stay unreadable whatever else is mended: what is in chunks, or was stored against one of the others, may be whole again with these.</summary>
    private List<long> BadInThemselves(List<long> bad)
    {
        var rows = bad.ToHashSet();
        return bad.FindAll(row => database.Read(() =>
            database.Prepare("SELECT method FROM contents WHERE id = $1").Scalar(row) != (long)ContentMethod.Chunks
            && (database.Prepare("SELECT base FROM contents WHERE id = $1").Scalar(row) is not { } earlier || !rows.Contains(earlier))));
    }

    /// <summary>Leaves rows without bytes: as such they are filled where the bytes are found, here or by a capture.</summary>
    private void Empty(List<long> rows) => database.Write(() =>
        rows.ForEach(row => database.Prepare("UPDATE contents SET size = max(size, 1), method = 0, base = NULL, position = 0, data = x'' WHERE id = $1").Execute(row)));

    private void TryMend(long row)
    {
        if (IdOf(row) is { } id && Find(row, id) is { } found)
        {
            using (found)
            {
                Empty([row]);
                Store(id, found);
            }
        }
    }

    private void Store(ContentId id, Stream content)
    {
        if (content.Length > ContentStore.MaxWholeBytes)
        {
            _contents.Add(content);
        }
        else
        {
            var bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            _contents.Add(id, bytes, previous: null);
        }

        _contents.Commit(() => true);
    }

    private List<long> Unreadable(IEnumerable<long> rows)
    {
        var packs = new PackReader(database);
        return rows.Where(row => !IsReadable(row, packs)).ToList();
    }

    private bool IsReadable(long row, PackReader packs)
    {
        try
        {
            return database.ReadConsistently(() =>
            {
                if (ContentRows.Describe(database, row) is not { } described)
                {
                    return true;
                }

                var pieces = described.Method == ContentMethod.Chunks ? ContentRows.ChunkList(ContentRows.Load(database, row).Data) : [row];
                using var hash = new ContentHash(Math.Max(0, described.SizeBytes));
                long size = 0;
                foreach (var piece in pieces)
                {
                    var bytes = ContentRows.Decode(database, packs, piece);
                    size += bytes.Length;
                    hash.Append(bytes);
                }

                return size == described.SizeBytes && hash.Finish() == described.Id;
            });
        }
        catch (Exception e) when (StoreVerifier.IsDamage(e))
        {
            return false;
        }
    }

    private ContentId? IdOf(long row)
    {
        try
        {
            return database.Read(() => ContentRows.Describe(database, row))?.Id;
        }
        catch (SavepointException)
        {
            return null;
        }
    }

    private Stream? Find(long row, ContentId id) => OpenArchived(id)
        ?? (PathsOf(row).Select(readWorking).FirstOrDefault(bytes => bytes is not null && ContentId.Of(bytes) == id) is { } bytes ? new MemoryStream(bytes, writable: false) : (Stream?)null);

    /// <summary>What an archive has of a content, in a file beside the new database: it may be larger than any memory.</summary>
    private FileStream? OpenArchived(ContentId id)
    {
        var file = new FileStream(database.Path + AsideSuffix, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            archives.CopyTo(id, file);
            file.Position = 0;
            return file;
        }
        catch (SavepointException)
        {
            file.Dispose();
            return null;
        }
    }

    private List<WorkspacePath> PathsOf(long row) => database.Read(() =>
    {
        var paths = new List<WorkspacePath>();
        using var found = database.Prepare("SELECT DISTINCT p.path FROM changes c JOIN paths p ON p.id = c.path WHERE c.content = $1").Query(row);
        while (found.Read())
        {
            paths.Add(PathTable.Read(found.BytesInPlace(0)));
        }

        return paths;
    });

    private List<long> Rows(string sql) => database.Read(() => database.Prepare(sql).Numbers());
}
