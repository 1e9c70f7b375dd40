namespace Savepoint.Storage.Packs;

/// <summary>A content that goes into a pack.</summary>
/// <param name="Row">Its <c>contents.id</c>.</param>
/// <param name="SizeBytes">Its decoded length.</param>
/// <param name="EncodedBytes">What it takes now, with the bases that only it needs; 0 for one that is in a pack already.</param>
/// <param name="Place">Where it is in a pack already; null if it is not.</param>
/// <param name="Path">The path that had it last.</param>
/// <param name="Snapshot">When.</param>
internal sealed record PackCandidate(long Row, long SizeBytes, long EncodedBytes, PackPlace? Place, byte[] Path, long Snapshot);

/// <summary>
/// Chooses what is packed: cold contents, and those in packs that are small or half waste. In the order in which they have
/// most in common: by path, the newest first, as git orders its packs. Of packs that are written anew so many at a time:
/// each new one is put together from all of these, and reading one content may cost a whole pack. Inside a read of the database.
/// </summary>
internal sealed class PackCandidates(StoreDatabase database)
{
    private const int MaxContentBytes = 1024 * 1024; // a larger one has its chain, and would fill a pack alone
    private const int MaxIncompressibleBytes = 4096; // one that zstd could not shrink will not shrink in a pack
    private const int PacksTogether = 8;

    /// <param name="keepLooseAfter">Contents that snapshots after this one hold or replaced stay as they are: they are read most, and reading them must not cost a pack.</param>
    /// <param name="refused">What was tried before, and did not pay.</param>
    /// <returns>What is to be packed, in order; and whether that is all that is loose.</returns>
    public (List<PackCandidate> Candidates, bool IsAll) Find(long keepLooseAfter, RefusedContents refused)
    {
        var reopened = PacksToReopen();
        var (loose, packed) = Candidates(reopened.Keys, Hot(keepLooseAfter));
        var isAll = refused.IsTimeForAll(loose);
        if (!isAll)
        {
            loose.RemoveAll(content => content.Snapshot <= refused.UpTo);
        }

        // A single small pack is not written anew for its own sake.
        var candidates = loose.Count == 0 && reopened.Count == 1 && !reopened.First().Value ? [] : loose.Concat(packed).ToList();
        return (InOrder(candidates, [.. reopened.Keys.OrderDescending()]), isAll);
    }

    private (List<PackCandidate> Loose, List<PackCandidate> Packed) Candidates(IReadOnlyCollection<long> reopened, HashSet<long> hot)
    {
        var bases = UnnamedBases();
        var (loose, packed) = (new List<PackCandidate>(), new List<PackCandidate>());
        using var row = database.Prepare("""
            SELECT k.id, k.size, k.method, length(k.data), CASE k.method WHEN 4 THEN k.data END, p.path, max(c.snapshot), k.base
            FROM changes c JOIN contents k ON k.id = c.content JOIN paths p ON p.id = c.path
            WHERE k.method <> 3 AND k.size <= $1 AND (k.method <> 0 OR k.size <= $2) GROUP BY k.id
            """).Query((long)MaxContentBytes, (long)MaxIncompressibleBytes);
        while (row.Read())
        {
            var (id, size) = (row.GetInt64(0), row.GetInt64(1));
            var place = (ContentMethod)row.GetInt64(2) == ContentMethod.Packed ? PackPlace.Parse(row.Bytes(4)) : (PackPlace?)null;
            if (place is { Pack: var pack } && reopened.Contains(pack))
            {
                packed.Add(new PackCandidate(id, size, 0, place, row.Bytes(5), row.GetInt64(6)));
            }
            else if (place is null && !hot.Contains(id))
            {
                loose.Add(new PackCandidate(id, size, row.GetInt64(3) + Take(bases, row.Int64OrNull(7)), null, row.Bytes(5), row.GetInt64(6)));
            }
        }

        return (loose, packed);
    }

    /// <summary>Contents that no change names, and that are there because others are stored against them: expiry leaves such.</summary>
    private Dictionary<long, (long? Base, long Bytes)> UnnamedBases()
    {
        var unnamed = new Dictionary<long, (long? Base, long Bytes)>();
        using var row = database.Prepare("""
            SELECT id, base, length(data) FROM contents WHERE method NOT IN (3, 4)
            AND id IN (SELECT base FROM contents WHERE base IS NOT NULL) AND id NOT IN (SELECT content FROM changes WHERE content IS NOT NULL)
            """).Query();
        while (row.Read())
        {
            unnamed[row.GetInt64(0)] = (row.Int64OrNull(1), row.GetInt64(2));
        }

        return unnamed;
    }

    /// <summary>What the bases of a content take that go with it. The first of several takes them.</summary>
    private static long Take(Dictionary<long, (long? Base, long Bytes)> bases, long? first)
    {
        long bytes = 0;
        for (var next = first; next is { } row && bases.Remove(row, out var unnamed); next = unnamed.Base)
        {
            bytes += unnamed.Bytes;
        }

        return bytes;
    }

    /// <summary>The newest packs, and what is in none yet, come first.</summary>
    private static List<PackCandidate> InOrder(List<PackCandidate> candidates, List<long> packs)
    {
        var groups = packs.Index().ToDictionary(pack => pack.Item, pack => pack.Index / PacksTogether);
        int Group(PackCandidate candidate) => candidate.Place is { Pack: var pack } ? groups[pack] : 0;

        candidates.Sort((x, y) => Group(x).CompareTo(Group(y)) is not 0 and var group ? group
            : x.Path.AsSpan().SequenceCompareTo(y.Path) is not 0 and var path ? path
            : y.Snapshot.CompareTo(x.Snapshot));
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
