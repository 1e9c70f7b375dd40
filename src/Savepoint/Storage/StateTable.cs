using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Reads <c>changes</c> and <c>tree</c>: what stood where, at any snapshot. Inside a read or write of the database.
/// </summary>
internal sealed class StateTable(StoreDatabase database, PathTable paths)
{
    private const int ShortStretch = 200; // snapshots

    /// <summary>A path's state and the snapshot that made it (0 and absent if none did).</summary>
    public (FileState State, long Changed) At(Lineage lineage, WorkspacePath path) =>
        paths.Find(path) is { } id ? At(lineage, id) : (FileState.None, 0);

    public (FileState State, long Changed) At(Lineage lineage, long path)
    {
        foreach (var segment in lineage.Segments)
        {
            using var row = database.Prepare("""
                SELECT c.snapshot, c.state, k.hash, k.size FROM changes c LEFT JOIN contents k ON k.id = c.content
                WHERE c.path = $1 AND c.branch = $2 AND c.snapshot <= $3 ORDER BY c.snapshot DESC LIMIT 1
                """).Query(path, segment.Branch, segment.UpTo);
            if (row.Read())
            {
                return (ReadState(row, 1), row.GetInt64(0));
            }
        }

        return (FileState.None, 0);
    }

    /// <summary>The paths that some snapshot after <paramref name="after"/> changed on the way to <paramref name="lineage"/>'s end.</summary>
    public List<(long Id, WorkspacePath Path)> ChangedSince(Lineage lineage, long after)
    {
        var changed = new Dictionary<long, WorkspacePath>();
        foreach (var segment in lineage.Segments.TakeWhile(s => s.UpTo > after))
        {
            // Over a short stretch the changes themselves are few; over a long one `tree` names each path but once.
            var sql = segment.UpTo - after <= ShortStretch
                ? "SELECT c.path, p.path FROM changes c INDEXED BY changes_by_snapshot JOIN paths p ON p.id = c.path WHERE c.branch = $1 AND c.snapshot > $2 AND c.snapshot <= $3"
                : "SELECT t.path, p.path FROM tree t JOIN paths p ON p.id = t.path WHERE t.branch = $1 AND t.changed > $2 AND $3 IS NOT NULL";
            using var rows = database.Prepare(sql).Query(segment.Branch, after, segment.UpTo);
            while (rows.Read())
            {
                changed[rows.GetInt64(0)] = PathTable.Read(rows.BytesInPlace(1));
            }
        }

        return [.. changed.Select(pair => (pair.Key, pair.Value))];
    }

    /// <summary>All that stands at the end of <paramref name="lineage"/> at and below <paramref name="directory"/>.</summary>
    public Dictionary<WorkspacePath, FileState> All(Lineage lineage, WorkspacePath directory)
    {
        var result = new Dictionary<WorkspacePath, FileState>();
        foreach (var (id, path) in ChangedSince(lineage, 0).Where(entry => entry.Path.IsWithin(directory)))
        {
            if (At(lineage, id).State is { IsAbsent: false } state)
            {
                result[path] = state;
            }
        }

        return result;
    }

    /// <summary>As <see cref="All"/>, for the lineage of a branch's head. That of a branch without a snapshot of its own ends in the middle of another.</summary>
    public Dictionary<WorkspacePath, FileState> Within(Lineage head, WorkspacePath directory) =>
        directory.IsRoot && head.Segments is [var only] && database.Prepare("SELECT head FROM branches WHERE id = $1").Scalar(only.Branch) == only.UpTo ? Head(only.Branch) : All(head, directory);

    /// <summary>As <see cref="All"/> for a branch's head: one pass over the rows that hold its newest states.</summary>
    public Dictionary<WorkspacePath, FileState> Head(long branch)
    {
        var result = new Dictionary<WorkspacePath, FileState>();
        using var rows = database.Prepare("""
            SELECT p.path, c.state, k.hash, k.size FROM tree t
            JOIN changes c ON c.path = t.path AND c.branch = t.branch AND c.snapshot = t.changed
            JOIN paths p ON p.id = t.path LEFT JOIN contents k ON k.id = c.content
            WHERE t.branch = $1 AND c.state <> 0
            """).Query(branch);
        while (rows.Read())
        {
            result[PathTable.Read(rows.BytesInPlace(0))] = ReadState(rows, 1);
        }

        return result;
    }

    /// <summary>Reads state, content hash and size from three columns.</summary>
    public static FileState ReadState(Row row, int column) =>
        StateCode.Unpack(row.IsNull(column) ? StateCode.Absent : row.GetInt64(column), row.IdOrNull(column + 1), row.SizeOrNull(column + 2));
}
