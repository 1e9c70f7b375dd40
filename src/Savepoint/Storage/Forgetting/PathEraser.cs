using Savepoint.Model;
using Savepoint.Storage.Packs;

namespace Savepoint.Storage.Forgetting;

/// <summary>
/// Erases paths from the rows of a database: their changes go, the snapshots stay under their numbers, with new hashes; what
/// was stored against an erased content, or in one pack with it, is stored anew. What no row needs goes with them, since
/// nobody knows any more which path it was of. Free pages still hold the bytes until the database is written anew.
/// </summary>
/// <remarks>Inside one write of the database, with the workspace's lock held alone.</remarks>
internal sealed class PathEraser(StoreDatabase database, SnapshotReader reader)
{
    private readonly PackReader _packs = new(database);

    /// <summary>The recorded paths at and below some.</summary>
    public List<(long Id, WorkspacePath Path)> Find(IEnumerable<WorkspacePath> paths)
    {
        var found = new Dictionary<long, WorkspacePath>();
        foreach (var path in paths)
        {
            // What lies below a directory sorts between "directory/" and "directory0", '0' being the byte after '/'.
            using var row = database.Prepare("SELECT DISTINCT p.id, p.path FROM paths p JOIN changes c ON c.path = p.id WHERE p.path = $1 OR (p.path > $2 AND p.path < $3)")
                .Query(path.Bytes.ToArray(), (byte[])[.. path.Bytes, (byte)'/'], (byte[])[.. path.Bytes, (byte)('/' + 1)]);
            while (row.Read())
            {
                found[row.GetInt64(0)] = PathTable.Read(row.BytesInPlace(1));
            }
        }

        return [.. found.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Value)];
    }

    /// <summary>The snapshots that changed any of these, the contents they brought, and the other paths that have these too.</summary>
    public (SortedSet<long> Snapshots, HashSet<long> Contents, List<WorkspacePath> Elsewhere) Reach(IReadOnlyList<(long Id, WorkspacePath Path)> paths)
    {
        var (snapshots, contents, elsewhere) = (new SortedSet<long>(), new HashSet<long>(), new SortedSet<WorkspacePath>());
        var own = paths.Select(path => path.Id).ToHashSet();
        foreach (var (id, _) in paths)
        {
            using var row = database.Prepare("SELECT snapshot, content FROM changes WHERE path = $1").Query(id);
            while (row.Read())
            {
                snapshots.Add(row.GetInt64(0));
                contents.UnionWith(row.Int64OrNull(1) is { } content ? [content] : []);
            }
        }

        using (var row = database.Prepare("SELECT c.content, c.path, p.path FROM changes c JOIN paths p ON p.id = c.path WHERE c.content IS NOT NULL").Query())
        {
            var shared = new HashSet<long>();
            while (row.Read())
            {
                if (contents.Contains(row.GetInt64(0)) && !own.Contains(row.GetInt64(1)))
                {
                    shared.Add(row.GetInt64(0));
                    elsewhere.Add(PathTable.Read(row.BytesInPlace(2)));
                }
            }

            contents.ExceptWith(shared);
        }

        return (snapshots, contents, [.. elsewhere]);
    }

    /// <summary>
    /// The first snapshot that may have had one of the paths, which some snapshots changed: the first of those that are one with the
    /// first of these; and 0 if there is none before, since of what has expired nobody knows.
    /// </summary>
    public long FirstOf(IEnumerable<long> snapshots)
    {
        var first = snapshots.Min();
        first = database.Prepare("SELECT min(first) FROM merges WHERE last = $1").Scalar(first) ?? first;
        return database.Prepare("SELECT min(number) FROM snapshots").Scalar() is { } oldest && oldest < first ? first : 0;
    }

    /// <summary>Erases them.</summary>
    /// <returns>How many contents are gone, those among them that nothing needed before.</returns>
    public int Erase(IReadOnlyList<(long Id, WorkspacePath Path)> paths, DateTimeOffset now)
    {
        var snapshots = Reach(paths).Snapshots;
        var forgotten = new ForgottenPaths(database);
        foreach (var (id, path) in paths)
        {
            forgotten.Add(path, Numbers("SELECT DISTINCT snapshot FROM changes WHERE path = $1", id), now);
            database.Prepare("UPDATE changes SET moved = NULL WHERE moved = $1").Execute(id);
            database.Prepare("DELETE FROM changes WHERE path = $1").Execute(id);
            database.Prepare("DELETE FROM tree WHERE path = $1").Execute(id);
        }

        foreach (var snapshot in snapshots)
        {
            if (reader.Find(snapshot) is { } changed)
            {
                database.Prepare("UPDATE snapshots SET hash = $2 WHERE number = $1").Execute(snapshot, SnapshotHash.Compute(changed));
            }
        }

        return EraseContents();
    }

    /// <summary>Has only what a state names stay, each in a form that needs nothing else.</summary>
    private int EraseContents()
    {
        var named = Named();
        foreach (var row in named.Where(row => database.Prepare("SELECT base FROM contents WHERE id = $1").Scalar(row) is { } earlier && !named.Contains(earlier)).ToList())
        {
            StoreAlone(row);
        }

        foreach (var pack in PacksWithWaste(named))
        {
            foreach (var row in ContentsOf(pack).Where(named.Contains))
            {
                StoreAlone(row);
            }
        }

        var unnamed = new UnnamedContents(database).Delete();
        foreach (var pack in Numbers("SELECT id FROM packs").Where(pack => ContentsOf(pack).Count == 0))
        {
            database.Prepare("DELETE FROM packs WHERE id = $1").Execute(pack);
        }

        return unnamed;
    }

    private HashSet<long> Named()
    {
        var named = Numbers("SELECT DISTINCT content FROM changes WHERE content IS NOT NULL").ToHashSet();
        foreach (var list in named.ToList())
        {
            if (ContentRows.Describe(database, list) is { Method: ContentMethod.Chunks })
            {
                named.UnionWith(ContentRows.ChunkList(ContentRows.Load(database, list).Data));
            }
        }

        return named;
    }

    /// <summary>One that cannot be decoded stays as it is: it is damaged, and a verification names it.</summary>
    private void StoreAlone(long row)
    {
        try
        {
            var bytes = ContentRows.Decode(database, _packs, row);
            var id = ContentId.Of(bytes);
            if (ContentRows.Describe(database, row)!.Id == id)
            {
                var encoded = ContentEncoder.Encode(id, bytes, prefix: null);
                database.Prepare("UPDATE contents SET method = $2, base = NULL, position = 0, data = $3 WHERE id = $1").Execute(row, (long)encoded.Method, encoded.Data);
            }
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            database.Prepare("UPDATE contents SET method = 0, base = NULL, position = 0, data = x'' WHERE id = $1").Execute(row);
        }
    }

    private List<long> PacksWithWaste(HashSet<long> named)
    {
        var used = new Dictionary<long, long>();
        using (var row = database.Prepare("SELECT id, size, data FROM contents WHERE method = 4").Query())
        {
            while (row.Read())
            {
                var pack = PackPlace.Parse(row.Bytes(2)).Pack;
                used[pack] = used.GetValueOrDefault(pack) + (named.Contains(row.GetInt64(0)) ? row.GetInt64(1) : 0);
            }
        }

        var wasteful = new List<long>();
        using (var row = database.Prepare("SELECT id, size FROM packs").Query())
        {
            while (row.Read())
            {
                if (used.GetValueOrDefault(row.GetInt64(0)) != row.GetInt64(1))
                {
                    wasteful.Add(row.GetInt64(0));
                }
            }
        }

        return wasteful;
    }

    private List<long> ContentsOf(long pack)
    {
        var contents = new List<long>();
        using var row = database.Prepare("SELECT id, data FROM contents WHERE method = 4").Query();
        while (row.Read())
        {
            if (PackPlace.Parse(row.Bytes(1)).Pack == pack)
            {
                contents.Add(row.GetInt64(0));
            }
        }

        return contents;
    }

    private List<long> Numbers(string sql, params ReadOnlySpan<object?> values) => database.Prepare(sql).Numbers(values);
}
