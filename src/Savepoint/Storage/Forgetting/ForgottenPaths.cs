using Savepoint.Model;

namespace Savepoint.Storage.Forgetting;

/// <summary>The table <c>forgotten</c>: which snapshots had changed a path whose contents were erased. Inside a read or write of the database.</summary>
internal sealed class ForgottenPaths(StoreDatabase database)
{
    private const long Unfinished = 0;

    /// <summary>Notes that a path is being erased, and which snapshots had changed it.</summary>
    public void Add(WorkspacePath path, IEnumerable<long> snapshots, DateTimeOffset now)
    {
        foreach (var snapshot in snapshots.Append(Unfinished))
        {
            database.Prepare("INSERT INTO forgotten (path, snapshot, upto, time) VALUES ($1, $2, (SELECT coalesce(max(number), 0) FROM snapshots), $3) ON CONFLICT DO UPDATE SET upto = excluded.upto")
                .Execute(path.Bytes.ToArray(), snapshot, SnapshotTime.ToMicroseconds(now));
        }
    }

    /// <summary>The paths whose erasing began and was not finished: its process died.</summary>
    public List<WorkspacePath> Pending() => Paths("SELECT path FROM forgotten WHERE snapshot = 0");

    /// <summary>The first snapshot that had changed one of those; null if none is pending.</summary>
    public long? FirstPending() => database.Prepare("SELECT min(snapshot) FROM forgotten WHERE snapshot > 0 AND path IN (SELECT path FROM forgotten WHERE snapshot = 0)").Scalar();

    /// <summary>Notes that nothing of them is left in the store.</summary>
    public void Finish() => database.Prepare("DELETE FROM forgotten WHERE snapshot = 0").Execute();

    /// <summary>The paths that a snapshot changed, and whose contents were erased.</summary>
    public List<WorkspacePath> Of(SnapshotNumber snapshot) => Paths("SELECT path FROM forgotten WHERE snapshot = $1 ORDER BY path", snapshot.Value);

    /// <summary>The paths of which it is not known any more what stood there at a snapshot.</summary>
    public List<WorkspacePath> UnknownAt(SnapshotNumber snapshot) => Paths("SELECT DISTINCT path FROM forgotten WHERE upto >= $1", snapshot.Value);

    private List<WorkspacePath> Paths(string sql, params object?[] values)
    {
        var paths = new List<WorkspacePath>();
        using var row = database.Prepare(sql).Query(values);
        while (row.Read())
        {
            paths.Add(PathTable.Read(row.BytesInPlace(0)));
        }

        return paths;
    }
}
