using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// Which contents a new archive takes: those that its snapshots brought and no archive below has, in the order in which they
/// have most in common: by path, the newest first, as git orders its packs.
/// </summary>
internal sealed class ArchivedContents
{
    private readonly HashSet<ContentId> _present = [];
    private readonly Dictionary<ContentId, (byte[] Path, long Snapshot, long SizeBytes)> _new = [];

    public ArchivedContents(IEnumerable<MilestoneArchive> below)
    {
        foreach (var archive in below)
        {
            _present.UnionWith(archive.Contents.Ids);
        }
    }

    /// <summary>Takes what the snapshots of a stretch brought. Inside a read of the database.</summary>
    public void Gather(StoreDatabase database, LineageSegment segment, long after)
    {
        using var row = database.Prepare("""
            SELECT k.hash, k.size, p.path, max(c.snapshot) FROM changes c INDEXED BY changes_by_snapshot
            JOIN contents k ON k.id = c.content JOIN paths p ON p.id = c.path
            WHERE c.snapshot > $2 AND c.snapshot <= $3 AND c.branch = $1 GROUP BY k.id
            """).Query(segment.Branch, after, segment.UpTo);
        while (row.Read())
        {
            var id = row.Id(0);
            if (!_present.Contains(id))
            {
                _new.TryAdd(id, (row.Bytes(2), row.GetInt64(3), row.GetInt64(1))); // the newest stretch comes first
            }
        }
    }

    public List<(ContentId Id, long SizeBytes)> InOrder()
    {
        var sorted = _new.ToList();
        sorted.Sort((x, y) => x.Value.Path.AsSpan().SequenceCompareTo(y.Value.Path) is not 0 and var order ? order : y.Value.Snapshot.CompareTo(x.Value.Snapshot));
        return sorted.ConvertAll(content => (content.Key, content.Value.SizeBytes));
    }
}
