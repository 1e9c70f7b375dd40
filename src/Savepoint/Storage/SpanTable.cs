using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The table <c>spans</c>: what is announced and has not ended, and of calls what has lapsed or ended lately. Rows of dead
/// processes mean nothing, and go when the next span begins.
/// </summary>
internal sealed class SpanTable(StoreDatabase database)
{
    private const string Columns = "id, process, process_start, time, agent, session, turn, tool_call, tool, message, paths, likelihood";
    private const string IsUnderWay = "likelihood < 3";

    /// <summary>How long it is known that the end of a call was told. A second telling begins with the first, and gives up after some seconds.</summary>
    private static readonly TimeSpan LongestEnded = TimeSpan.FromMinutes(1);

    /// <summary>Announces one. A call that is under way already is not announced again: where a client is set up twice, two processes tell of the same, at once.</summary>
    /// <param name="branch">The branch whose working copy it is about.</param>
    /// <param name="begun">Now.</param>
    /// <param name="context">Who, with what.</param>
    /// <param name="paths">What it is about; null for the whole tree.</param>
    /// <param name="isOwned">Whether it ends with this process; else another will end it.</param>
    /// <param name="isUnlikely">Whether what happens during another span is more likely that one's.</param>
    /// <param name="teller">If it does not end with this process, the one that will have its end told; none if that is not known.</param>
    /// <returns>Its number, with which to end it.</returns>
    public long Begin(
        string branch, DateTimeOffset begun, CaptureContext context, IReadOnlyList<WorkspacePath>? paths, bool isOwned = true, bool isUnlikely = false, ProcessIdentity teller = default) => database.Write(() =>
    {
        RemoveDead(branch, begun);
        if (!isOwned && context.Actor is { ToolCall: { } call, Session: var session, Agent: var agent })
        {
            if (database.Prepare($"SELECT id FROM spans WHERE branch = $1 AND process <= 0 AND tool_call = $2 AND session IS $3 AND agent IS $4 AND tool IS $5 AND message IS $6 AND {IsUnderWay}")
                .Scalar(branch, call, session, agent, context.Tool, context.Message) is { } same)
            {
                return same;
            }

            // Some models number the calls of each answer from 0: an id comes again.
            database.Prepare($"DELETE FROM spans WHERE branch = $1 AND tool_call = $2 AND session IS $3 AND NOT ({IsUnderWay})").Execute(branch, call, session);
        }

        // A teller is no owner: its number stands below zero.
        var (owner, actor) = (isOwned ? ProcessIdentity.Own : teller with { Number = -teller.Number }, context.Actor);
        database.Prepare("""
            INSERT INTO spans (branch, process, process_start, time, agent, session, turn, tool_call, tool, message, paths, likelihood)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """).Execute(
            branch, owner.Number, owner.StartedAt, SnapshotTime.ToMicroseconds(begun),
            actor.Agent, actor.Session, actor.Turn, actor.ToolCall, context.Tool, context.Message, Pack(paths), isUnlikely ? 1L : 0L);
        return database.LastInsertedRow();
    });

    /// <summary>Ends one by itself; a capture that ends one does so in its own transaction.</summary>
    public void End(long id) => database.Write(() => Remove(id));

    /// <summary>Ends a call by what was told of it: that is known for a while, if it has an id to know it by. False if it was gone.</summary>
    public bool EndTold(long id, DateTimeOffset now) => database.Write(() =>
        database.Prepare("UPDATE spans SET likelihood = 4, time = $2, message = NULL, paths = NULL WHERE id = $1 AND tool_call IS NOT NULL").Execute(id, SnapshotTime.ToMicroseconds(now)) > 0
        || Remove(id) > 0);

    /// <summary>Ends a call whose turn is over. If it has an id, <see cref="Resume"/> takes that back.</summary>
    public void Lapse(long id) => database.Write(() =>
    {
        if (database.Prepare("UPDATE spans SET likelihood = 3 WHERE id = $1 AND tool_call IS NOT NULL").Execute(id) == 0)
        {
            Remove(id);
        }
    });

    /// <summary>Takes <see cref="Lapse"/> back.</summary>
    public void Resume(long id) => database.Write(() => database.Prepare("UPDATE spans SET likelihood = 0 WHERE id = $1 AND likelihood = 3").Execute(id));

    /// <summary>Notes that its agent goes on to other work.</summary>
    public void MoveToBackground(long id) => database.Write(() => database.Prepare($"UPDATE spans SET likelihood = 2 WHERE id = $1 AND {IsUnderWay}").Execute(id));

    /// <summary>Removes a row; how many there were. Inside a write.</summary>
    public int Remove(long id) => database.Prepare("DELETE FROM spans WHERE id = $1").Execute(id);

    /// <summary>The spans of a branch that are under way, those of dead processes too, the oldest first.</summary>
    public List<AnnouncedSpan> All(string branch) => database.Read(() =>
    {
        var spans = new List<AnnouncedSpan>();
        using var row = database.Prepare($"SELECT {Columns} FROM spans WHERE branch = $1 AND {IsUnderWay} ORDER BY id").Query(branch);
        while (row.Read())
        {
            spans.Add(SpanIn(row));
        }

        return spans;
    });

    /// <summary>A call that has lapsed, or whose end was told lately; null if none of that id has.</summary>
    public AnnouncedSpan? FindOver(string branch, string? session, string call) => database.Read(() =>
    {
        using var row = database.Prepare($"SELECT {Columns} FROM spans WHERE branch = $1 AND session IS $2 AND tool_call = $3 AND NOT ({IsUnderWay}) ORDER BY id DESC LIMIT 1").Query(branch, session, call);
        return row.Read() ? SpanIn(row) : null;
    });

    /// <summary>Whether a span was announced after <paramref name="seen"/> that covers one of these changes. Inside a write.</summary>
    public bool IsCoveredSince(long seen, string branch, IReadOnlyList<FileChange> changes) =>
        All(branch).Exists(span => span.Id > seen && changes.Any(change => span.Covers(change.Path) || (change.OldPath is { } old && span.Covers(old))));

    private void RemoveDead(string branch, DateTimeOffset now)
    {
        foreach (var span in All(branch).Where(span => !span.IsAliveAt(now)))
        {
            Remove(span.Id);
        }

        database.Prepare("DELETE FROM spans WHERE branch = $1 AND (likelihood = 4 AND time < $2 OR likelihood = 3 AND time < $3)")
            .Execute(branch, SnapshotTime.ToMicroseconds(now - LongestEnded), SnapshotTime.ToMicroseconds(now - AnnouncedSpan.LongestUnowned));
    }

    private static AnnouncedSpan SpanIn(Row row)
    {
        var context = new CaptureContext
        {
            Actor = new Actor(row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7)),
            Tool = row.TextOrNull(8),
            Message = row.TextOrNull(9),
        };
        var process = new ProcessIdentity(Math.Abs(row.GetInt32(1)), row.GetInt64(2));
        var (owner, teller) = row.GetInt32(1) < 0 ? (ProcessIdentity.None, process) : (process, ProcessIdentity.None);
        return new AnnouncedSpan(row.GetInt64(0), owner, SnapshotTime.FromMicroseconds(row.GetInt64(3)), context, Unpack(row.BytesOrNull(10)), (Likelihood)row.GetInt32(11), teller);
    }

    // Null for the whole tree; else for each path its length as a varint and its bytes.
    private static byte[]? Pack(IReadOnlyList<WorkspacePath>? paths)
    {
        if (paths is null)
        {
            return null;
        }

        var bytes = new List<byte>();
        foreach (var path in paths)
        {
            Varint.Append(bytes, (ulong)path.Bytes.Length);
            bytes.AddRange(path.Bytes);
        }

        return [.. bytes];
    }

    private static List<WorkspacePath>? Unpack(byte[]? packed)
    {
        if (packed is null)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = packed;
        var paths = new List<WorkspacePath>();
        while (Varint.TryRead(ref bytes, out var length) && length <= (ulong)bytes.Length)
        {
            paths.Add(PathTable.Read(bytes[..(int)length].ToArray()));
            bytes = bytes[(int)length..];
        }

        return paths;
    }
}
