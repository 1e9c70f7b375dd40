namespace Savepoint.Storage.Packs;

/// <summary>A content that goes into a pack.</summary>
/// <param name="Row">Its <c>contents.id</c>.</param>
/// <param name="SizeBytes">Its decoded length.</param>
/// <param name="EncodedBytes">What it takes now; 0 for one that is in a pack already.</param>
/// <param name="Path">The path that had it last.</param>
/// <param name="Snapshot">When.</param>
internal sealed record PackCandidate(long Row, long SizeBytes, long EncodedBytes, byte[] Path, long Snapshot);

/// <summary>
/// Chooses what is packed: cold contents, and those in packs that are small or half waste. In the order in which they have
/// most in common: by path, the newest first, as git orders its packs. Inside a read of the database.
/// </summary>
internal sealed class PackCandidates(StoreDatabase database)
{
    private const int MaxContentBytes = 1024 * 1024; // a larger one has its chain, and would fill a pack alone
    private const int MaxIncompressibleBytes = 4096; // one that zstd could not shrink will not shrink in a pack

    /// <param name="keepLooseAfter">Contents that snapshots after this one hold or replaced stay as they are: they are read most, and reading them must not cost a pack.</param>
    public List<PackCandidate> Find(long keepLooseAfter)
    {
        var reopened = PacksToReopen();
        var hot = Hot(keepLooseAfter);
        var candidates = new List<PackCandidate>();
        var hasLoose = false;
        using (var row = database.Prepare("""
            SELECT k.id, k.size, k.method, length(k.data), CASE k.method WHEN 4 THEN k.data END, p.path, max(c.snapshot)
            FROM changes c JOIN contents k ON k.id = c.content JOIN paths p ON p.id = c.path
            WHERE k.method <> 3 AND k.size <= $1 AND (k.method <> 0 OR k.size <= $2) GROUP BY k.id
            """).Query((long)MaxContentBytes, (long)MaxIncompressibleBytes))
        {
            while (row.Read())
            {
                var isPacked = (ContentMethod)row.GetInt64(2) == ContentMethod.Packed;
                if (isPacked ? reopened.ContainsKey(PackPlace.Parse(row.Bytes(4)).Pack) : !hot.Contains(row.GetInt64(0)))
                {
                    candidates.Add(new PackCandidate(row.GetInt64(0), row.GetInt64(1), isPacked ? 0 : row.GetInt64(3), row.Bytes(5), row.GetInt64(6)));
                    hasLoose |= !isPacked;
                }
            }
        }

        // A single small pack is not written anew for its own sake.
        if (!hasLoose && reopened.Count == 1 && !reopened.First().Value)
        {
            return [];
        }

        candidates.Sort((x, y) => x.Path.AsSpan().SequenceCompareTo(y.Path) is not 0 and var order ? order : y.Snapshot.CompareTo(x.Snapshot));
        return candidates;
    }

    /// <summary>The packs of which less than half a full one is in use; and of each, whether less than half of itself is.</summary>
    private Dictionary<long, bool> PacksToReopen()
    {
        var used = new Dictionary<long, long>();
        using (var row = database.Prepare("SELECT size, data FROM contents WHERE method = 4").Query())
        {
            while (row.Read())
            {
                var pack = PackPlace.Parse(row.Bytes(1)).Pack;
                used[pack] = used.GetValueOrDefault(pack) + row.GetInt64(0);
            }
        }

        var reopened = new Dictionary<long, bool>();
        using (var row = database.Prepare("SELECT id, size FROM packs").Query())
        {
            while (row.Read())
            {
                var (pack, size) = (row.GetInt64(0), row.GetInt64(1));
                if (used.TryGetValue(pack, out var live) && live < PackReader.MaxPackBytes / 2)
                {
                    reopened[pack] = live < size / 2;
                }
            }
        }

        return reopened;
    }

    private HashSet<long> Hot(long after)
    {
        var hot = new HashSet<long>();
        using var row = database.Prepare("""
            SELECT content FROM changes INDEXED BY changes_by_snapshot WHERE snapshot > $1 AND content IS NOT NULL
            UNION SELECT p.content FROM changes c INDEXED BY changes_by_snapshot JOIN changes p ON p.path = c.path AND p.snapshot = c.previous
            WHERE c.snapshot > $1 AND p.content IS NOT NULL
            """).Query(after);
        while (row.Read())
        {
            hot.Add(row.GetInt64(0));
        }

        return hot;
    }
}
