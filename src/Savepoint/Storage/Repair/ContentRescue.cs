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
    private readonly ContentStore _contents = new(database);

    /// <summary>How many contents were unreadable and are whole again.</summary>
    public int RecoveredCount { get; private set; }

    public void Run()
    {
        var bad = Unreadable(Rows("SELECT id FROM contents"));
        var found = new List<(long Row, ContentId Id, byte[] Bytes)>();
        foreach (var row in bad)
        {
            if (IdOf(row) is { } id && Find(row, id) is { } bytes)
            {
                found.Add((row, id, bytes));
            }
        }

        // What was stored against one of these decodes again once that has its bytes, under whatever number.
        database.Write(() => found.ForEach(content => database.Prepare("DELETE FROM contents WHERE id = $1").Execute(content.Row)));
        foreach (var (row, id, bytes) in found)
        {
            Store(id, bytes);
            database.Write(() => Redirect(row, ContentRows.Find(database, id)!.Value));
        }

        var lost = Unreadable(bad.Where(row => found.TrueForAll(content => content.Row != row)));
        RecoveredCount = bad.Count - lost.Count;
        database.Write(() => lost.ForEach(row => database.Prepare("UPDATE contents SET method = 0, base = NULL, position = 0, data = x'' WHERE id = $1").Execute(row)));
    }

    /// <summary>The row of a content that a record names, with its bytes if they stand anywhere.</summary>
    public long RowOf(ContentId id, long sizeBytes)
    {
        if (database.Read(() => ContentRows.Find(database, id)) is { } present)
        {
            return present;
        }

        if (TryArchive(id) is { } bytes)
        {
            Store(id, bytes);
            return database.Read(() => ContentRows.Find(database, id))!.Value;
        }

        return database.Write(() =>
        {
            database.Prepare("INSERT INTO contents (hash, size, method, position, data) VALUES ($1, $2, 0, 0, x'')").Execute(id.ToBytes(), sizeBytes);
            return database.LastInsertedRow();
        });
    }

    private void Store(ContentId id, byte[] bytes)
    {
        if (bytes.Length > ContentStore.MaxWholeBytes)
        {
            using var stream = new MemoryStream(bytes, writable: false);
            _contents.Add(stream);
        }
        else
        {
            _contents.Add(id, bytes, previous: null);
        }

        _contents.Commit(() => true);
    }

    private void Redirect(long from, long to)
    {
        database.Prepare("UPDATE changes SET content = $2 WHERE content = $1").Execute(from, to);
        database.Prepare("UPDATE contents SET base = $2 WHERE base = $1").Execute(from, to);
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
                    return true; // it was redirected
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

    private byte[]? Find(long row, ContentId id) => TryArchive(id) ?? PathsOf(row).Select(readWorking).FirstOrDefault(bytes => bytes is not null && ContentId.Of(bytes) == id);

    private byte[]? TryArchive(ContentId id)
    {
        try
        {
            return archives.Read(id);
        }
        catch (SavepointException)
        {
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
