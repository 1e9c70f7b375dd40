using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>Reads snapshots back. Inside a read of the database.</summary>
internal sealed class SnapshotReader(StoreDatabase database)
{
    /// <summary>The most snapshots that one query gives; a longer history is read page by page.</summary>
    public const int PageLength = 200;

    /// <summary>The columns that <see cref="ReadHeader"/> takes, in its order.</summary>
    private const string Columns = """
        s.number, s.parent, b.name, s.kind, s.time, a.agent, a.session, a.turn, s.tool_call, s.tool, s.message, s.operations,
        s.target, s.exit_code, s.duration, s.git, g.commit_id, g.branch, s.complete, s.scanned, s.skipped, s.hash, s.redoable, s.elapsed
        """;

    private const string From = """
        FROM snapshots s JOIN branches b ON b.id = s.branch
        LEFT JOIN actors a ON a.id = s.actor LEFT JOIN git_heads g ON g.id = s.git
        """;

    /// <summary>The snapshot of this number with its changes; null if there is none.</summary>
    public Snapshot? Find(long number) => Query("s.number = $1", number).FirstOrDefault();

    /// <summary>As <see cref="Find"/>, without its changes.</summary>
    public Snapshot? FindHeader(long number) => Headers("s.number = $1", number).FirstOrDefault().Snapshot;

    /// <summary>As <see cref="FindHeader"/>, of a snapshot that the store names.</summary>
    /// <exception cref="SavepointException">It is not there: the store is damaged.</exception>
    public Snapshot GetHeader(long number) => FindHeader(number)
        ?? throw new SavepointException(ErrorCode.Damaged, $"Snapshot {number}, which the store names, is not there.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");

    /// <summary>The next snapshots behind a number, up to a page of them, the oldest first, without their changes.</summary>
    public List<Snapshot> HeadersAfter(long number)
    {
        const string NextPage = "s.number > $1 AND s.number <= (SELECT max(number) FROM (SELECT number FROM snapshots WHERE number > $1 ORDER BY number LIMIT $2))";
        var headers = Headers(NextPage, number, (long)PageLength).ConvertAll(entry => entry.Snapshot);
        headers.Reverse();
        return headers;
    }

    /// <summary>The snapshots that meet <paramref name="condition"/>, newest first, with their changes.</summary>
    public List<Snapshot> Query(string condition, params ReadOnlySpan<object?> values) => QueryWithHash(condition, values).ConvertAll(entry => entry.Snapshot);

    /// <summary>As <see cref="Query"/>, each with the hash that was recorded for it.</summary>
    public List<(Snapshot Snapshot, byte[] Hash)> QueryWithHash(string condition, params ReadOnlySpan<object?> values)
    {
        return Headers(condition, values).ConvertAll(entry => (entry.Snapshot with { Changes = Changes(entry.Snapshot.Number.Value) }, entry.Hash));
    }

    /// <summary>What a snapshot changed, in path order, moves as one change.</summary>
    public List<FileChange> Changes(long number)
    {
        var rows = new Dictionary<long, ChangeRow>();
        using (var reader = database.Prepare("""
            SELECT c.path, p.path, c.moved, c.state, k.hash, k.size, q.state, kq.hash, kq.size
            FROM changes c JOIN paths p ON p.id = c.path LEFT JOIN contents k ON k.id = c.content
            LEFT JOIN snapshots sq ON sq.number = c.previous
            LEFT JOIN changes q ON q.path = c.path AND q.branch = sq.branch AND q.snapshot = c.previous
            LEFT JOIN contents kq ON kq.id = q.content
            WHERE c.snapshot = $1
            """).Query(number))
        {
            while (reader.Read())
            {
                rows[reader.GetInt64(0)] = new ChangeRow(
                    PathTable.Read(reader.Bytes(1)), reader.Int64OrNull(2), StateTable.ReadState(reader, 6), StateTable.ReadState(reader, 3));
            }
        }

        var changes = new List<FileChange>(rows.Count);
        foreach (var row in rows.Values)
        {
            if (row.Moved is not { } other)
            {
                changes.Add(new FileChange(row.Path, row.Before, row.After));
            }
            else if (!row.After.IsAbsent && rows.TryGetValue(other, out var source))
            {
                changes.Add(new FileChange(row.Path, source.Before, row.After, source.Path));
            }
        }

        changes.Sort((x, y) => x.Path.CompareTo(y.Path));
        return changes;
    }

    private List<(Snapshot Snapshot, byte[] Hash)> Headers(string condition, params ReadOnlySpan<object?> values)
    {
        var headers = new List<(Snapshot, byte[])>();
        using var rows = database.Prepare($"SELECT {Columns} {From} WHERE {condition} ORDER BY s.number DESC LIMIT {PageLength}").Query(values);
        while (rows.Read())
        {
            headers.Add((ReadHeader(rows), rows.Bytes(21)));
        }

        return headers;
    }

    private static Snapshot ReadHeader(Row row)
    {
        try
        {
            return Header(row);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new SavepointException(ErrorCode.Damaged, $"The record of snapshot {row.GetInt64(0)} cannot be read: {e.Message}", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.", e);
        }
    }

    private static Snapshot Header(Row row) => new()
    {
        Number = new SnapshotNumber(row.GetInt64(0)),
        Parent = Number(row, 1),
        Branch = row.GetString(2),
        Kind = (SnapshotKind)row.GetInt32(3),
        Time = SnapshotTime.FromMicroseconds(row.GetInt64(4)),
        Actor = new Actor(row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(8)),
        Tool = row.TextOrNull(9),
        Message = row.TextOrNull(10),
        OperationCount = row.GetInt32(11),
        Target = Number(row, 12),
        RedoCount = row.GetInt32(22),
        ExitCode = (int?)row.Int64OrNull(13),
        Duration = row.Int64OrNull(14) is { } microseconds ? TimeSpan.FromMicroseconds(microseconds) : null,
        Elapsed = row.Int64OrNull(23) is { } elapsed ? TimeSpan.FromMicroseconds(elapsed) : null,
        Git = row.IsNull(15) ? null : new GitHead(row.TextOrNull(16), row.TextOrNull(17)),
        Coverage = new Coverage(row.GetInt64(18) != 0, row.GetInt64(19), SkippedCode.Unpack(row.BytesOrNull(20))),
        Changes = [],
    };

    /// <summary>Another snapshot, which must be before this one: walks along parents and targets end only because of that.</summary>
    private static SnapshotNumber? Number(Row row, int column) => row.Int64OrNull(column) switch
    {
        null => null,
        { } value when value >= 1 && value < row.GetInt64(0) => new SnapshotNumber(value),
        { } value => throw new SavepointException(ErrorCode.Damaged, $"Snapshot {row.GetInt64(0)} is recorded to follow, or lead back to, {value}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it."),
    };

    private sealed record ChangeRow(WorkspacePath Path, long? Moved, FileState Before, FileState After);
}
