using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>Looks snapshots up by what is known of them. Each call reads one page, so that a long history streams.</summary>
internal sealed class HistoryReader(StoreDatabase database, SnapshotReader reader, MergeTable merges)
{
    /// <summary>Up to 200 snapshots older than <paramref name="before"/> (all, if null), newest first.</summary>
    public List<Snapshot> Page(HistoryFilter filter, SnapshotNumber? before) => database.Read(() =>
    {
        var conditions = new List<string>();
        var values = new List<object?>();
        void Require(string condition, params object[] bound)
        {
            var names = Enumerable.Range(values.Count + 1, bound.Length).Select(i => (object)$"${i}").ToArray();
            conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, names));
            values.AddRange(bound);
        }

        Require("s.number < {0}", before?.Value ?? long.MaxValue);
        if (filter.Since is { } since)
        {
            Require("s.number > {0}", since.Value);
        }

        if (filter.Session is { } session)
        {
            Require("s.actor IN (SELECT id FROM actors WHERE session = {0})", session);
        }

        if (filter.Turn is { } turn)
        {
            Require("s.actor IN (SELECT id FROM actors WHERE turn = {0})", turn);
        }

        if (filter.Agent is { } agent)
        {
            Require("s.actor IN (SELECT id FROM actors WHERE agent = {0})", agent);
        }

        if (filter.Path is { IsRoot: false } path)
        {
            AddPath(path, filter.AsRecorded, Require);
        }

        if (!filter.AllBranches && filter.Branch is { } branch)
        {
            conditions.Add(OnLineage(branch));
        }

        if (filter.AsRecorded)
        {
            return reader.Query(string.Join(" AND ", conditions), [.. values]);
        }

        conditions.Add("NOT EXISTS (SELECT 1 FROM merged n WHERE n.number = s.number)");
        return reader.Query(string.Join(" AND ", conditions), [.. values]).ConvertAll(Shown);
    });

    /// <summary>A snapshot as the history shows it: with those that were merged into it. Changes are by path, moves not found. Null if there is none.</summary>
    public Snapshot? Find(SnapshotNumber number) => database.Read(() => reader.Find(number.Value) is { } snapshot ? Shown(snapshot) : null);

    /// <summary>The next snapshots of a branch as they were recorded, the oldest first: so many, or fewer if they changed much; whether these are all.</summary>
    public (List<Snapshot> Snapshots, bool IsEnd) OldestFirst(string branch, long after, long upTo, int count) => database.ReadConsistently(() =>
    {
        const int MaxChanges = 20_000;
        var numbers = new List<long>();
        using (var row = database.Prepare("SELECT number FROM snapshots WHERE number > $1 AND number <= $2 AND branch = (SELECT id FROM branches WHERE name = $3) ORDER BY number LIMIT $4").Query(after, upTo, branch, count))
        {
            while (row.Read())
            {
                numbers.Add(row.GetInt64(0));
            }
        }

        var (snapshots, changes) = (new List<Snapshot>(), 0);
        foreach (var number in numbers.TakeWhile(_ => changes < MaxChanges))
        {
            snapshots.Add(reader.Find(number)!);
            changes += snapshots[^1].Changes.Count;
        }

        return (snapshots, numbers.Count < count && snapshots.Count == numbers.Count);
    });

    /// <summary>The first snapshot of a turn (or session): what it did begins there.</summary>
    public SnapshotNumber? FirstOf(string? session, string? turn) => Number(database.Read(() => turn is not null
        ? database.Prepare("SELECT min(number) FROM snapshots WHERE actor IN (SELECT id FROM actors WHERE turn = $1)").Scalar(turn)
        : database.Prepare("SELECT min(number) FROM snapshots WHERE actor IN (SELECT id FROM actors WHERE session = $1)").Scalar(session)));

    /// <summary>The first snapshot of whoever has all the names that are given; null if there is none.</summary>
    public SnapshotNumber? FirstOf(Actor whose)
    {
        // Only the names that are given, so that a session is found by the index of sessions.
        (string Column, string? Value)[] names = [("agent", whose.Agent), ("session", whose.Session), ("turn", whose.Turn)];
        var given = names.Where(name => name.Value is not null).ToList();
        var conditions = string.Join(" AND ", given.Select((name, i) => $"{name.Column} = ${i + 1}"));
        return Number(database.Read(() => database.Prepare($"SELECT min(number) FROM snapshots WHERE actor IN (SELECT id FROM actors WHERE {conditions})").Scalar([.. given.Select(name => name.Value)])));
    }

    /// <summary>The newest snapshot of a branch that is not younger than <paramref name="time"/>.</summary>
    public SnapshotNumber? NewestAt(string branch, DateTimeOffset time) => Number(database.Read(() =>
        database.Prepare($"SELECT max(s.number) FROM snapshots s WHERE s.time <= $1 AND {OnLineage(branch)}").Scalar(SnapshotTime.ToMicroseconds(time))));

    /// <summary>The snapshot so many steps before another, along parents.</summary>
    public SnapshotNumber? Ancestor(SnapshotNumber from, long steps) => database.Read(() =>
    {
        long? number = from.Value;
        for (long i = 0; i < steps && number is not null; i++)
        {
            number = database.Prepare("SELECT parent FROM snapshots WHERE number = $1").Scalar(number);
        }

        return Number(number);
    });

    /// <summary>
    /// The sessions that recorded last, the newest first: so many, among the newest snapshots. What it costs does not grow with
    /// the sessions there ever were.
    /// </summary>
    public List<SessionSummary> NewestSessions(int count) => database.ReadConsistently(() =>
    {
        const long NewestSnapshots = 5_000;
        var names = new List<string>();
        using (var row = database.Prepare("""
            SELECT a.session FROM (SELECT actor, max(number) AS last FROM (SELECT actor, number FROM snapshots ORDER BY number DESC LIMIT $1) WHERE actor IS NOT NULL GROUP BY actor) u
            JOIN actors a ON a.id = u.actor WHERE a.session IS NOT NULL GROUP BY a.session ORDER BY max(u.last) DESC LIMIT $2
            """).Query(NewestSnapshots, (long)count))
        {
            while (row.Read())
            {
                names.Add(row.GetString(0));
            }
        }

        return names.ConvertAll(Summarize);
    });

    private SessionSummary Summarize(string session)
    {
        using var row = database.Prepare("""
            SELECT count(*), count(DISTINCT a.turn), min(s.number), max(s.number) FROM actors a JOIN snapshots s INDEXED BY snapshots_by_actor ON s.actor = a.id
            WHERE a.session = $1
            """).Query(session);
        row.Read();
        var (first, newest) = (reader.GetHeader(row.GetInt64(2)), reader.GetHeader(row.GetInt64(3)));
        return new SessionSummary(session, newest.Actor.Agent, row.GetInt64(1), row.GetInt64(0), first.Time, newest.Time, newest.Number) { Agents = AgentsOf(session) };
    }

    private List<string> AgentsOf(string session)
    {
        var agents = new List<string>();
        using var row = database.Prepare("SELECT DISTINCT a.agent FROM actors a WHERE a.session = $1 AND a.agent IS NOT NULL ORDER BY a.agent").Query(session);
        while (row.Read())
        {
            agents.Add(row.GetString(0));
        }

        return agents;
    }

    /// <summary>How many steps there are from a snapshot back to the baseline.</summary>
    public long Depth(SnapshotNumber from) => database.Read(() =>
    {
        long depth = 0;
        for (var next = database.Prepare("SELECT parent FROM snapshots WHERE number = $1").Scalar(from.Value); next is not null; next = database.Prepare("SELECT parent FROM snapshots WHERE number = $1").Scalar(next))
        {
            depth++;
        }

        return depth;
    });

    /// <summary>Agents' sessions, the newest first. Counts come from an index alone; only a session's first and last snapshot are looked at.</summary>
    public List<SessionSummary> Sessions() => database.ReadConsistently(() =>
    {
        var sessions = new List<SessionSummary>();
        using var row = database.Prepare("""
            SELECT a.session, sum(u.count), count(DISTINCT a.turn), min(u.first), max(u.last) FROM actors a
            JOIN (SELECT actor, count(*) AS count, min(number) AS first, max(number) AS last FROM snapshots WHERE actor IS NOT NULL GROUP BY actor) u
                ON u.actor = a.id
            WHERE a.session IS NOT NULL GROUP BY a.session ORDER BY max(u.last) DESC
            """).Query();
        while (row.Read())
        {
            var (first, newest) = (reader.GetHeader(row.GetInt64(3)), reader.GetHeader(row.GetInt64(4)));
            sessions.Add(new SessionSummary(row.GetString(0), newest.Actor.Agent, row.GetInt64(2), row.GetInt64(1), first.Time, newest.Time, newest.Number) { Agents = AgentsOf(row.GetString(0)) });
        }

        return sessions;
    });

    /// <summary>The undos after <paramref name="first"/>, the oldest first, without their changes.</summary>
    public List<Snapshot> Undos(SnapshotNumber first) => database.ReadConsistently(() =>
    {
        var undos = new List<Snapshot>();
        using var row = database.Prepare("SELECT number FROM snapshots WHERE number > $1 AND kind = $2 ORDER BY number").Query(first.Value, (long)SnapshotKind.Undo);
        while (row.Read())
        {
            undos.Add(reader.GetHeader(row.GetInt64(0)));
        }

        return undos;
    });

    /// <summary>The snapshots between two others that changed a path, the oldest first.</summary>
    public List<SnapshotNumber> Changing(WorkspacePath path, SnapshotNumber after, SnapshotNumber before) => database.Read(() =>
    {
        var numbers = new List<SnapshotNumber>();
        using var row = database.Prepare("""
            SELECT c.snapshot FROM changes c JOIN paths p ON p.id = c.path
            WHERE p.path = $1 AND c.snapshot > $2 AND c.snapshot < $3 ORDER BY c.snapshot
            """).Query(path.Bytes.ToArray(), after.Value, before.Value);
        while (row.Read())
        {
            numbers.Add(new SnapshotNumber(row.GetInt64(0)));
        }

        return numbers;
    });

    /// <summary>Where what stood at a path after one snapshot has been moved to since, up to another one on the same lineage.</summary>
    public WorkspacePath Follow(WorkspacePath path, SnapshotNumber from, SnapshotNumber to) => database.ReadConsistently(() =>
    {
        var (place, after) = (path, from.Value);
        foreach (var segment in Lineage.OfExisting(database, to.Value).Segments.Reverse())
        {
            while (NextMove(place, segment, after) is { } move)
            {
                (place, after) = move;
            }
        }

        return place;
    });

    private (WorkspacePath Place, long Snapshot)? NextMove(WorkspacePath path, LineageSegment segment, long after)
    {
        using var row = database.Prepare("""
            SELECT q.path, c.snapshot FROM paths p JOIN changes c ON c.path = p.id JOIN paths q ON q.id = c.moved
            WHERE p.path = $1 AND c.branch = $2 AND c.snapshot > $3 AND c.snapshot <= $4 AND c.state = 0 ORDER BY c.snapshot LIMIT 1
            """).Query(path.Bytes.ToArray(), segment.Branch, after, segment.UpTo);
        return row.Read() ? (PathTable.Read(row.BytesInPlace(0)), row.GetInt64(1)) : null;
    }

    // What lies below a directory sorts between "directory/" and "directory0", '0' being the byte after '/'.
    private static void AddPath(WorkspacePath path, bool asRecorded, Action<string, object[]> require) => require(
        $"s.number IN (SELECT {(asRecorded ? "c.snapshot" : "coalesce((SELECT n.last FROM merged n WHERE n.number = c.snapshot), c.snapshot)")} FROM changes c WHERE c.path IN (SELECT id FROM paths WHERE path = {{0}} OR (path > {{1}} AND path < {{2}})))",
        [path.Bytes.ToArray(), (byte[])[.. path.Bytes, (byte)'/'], (byte[])[.. path.Bytes, (byte)('/' + 1)]]);

    private Snapshot Shown(Snapshot snapshot)
    {
        if (merges.ShownAs(snapshot.Number.Value) is not { } merge)
        {
            return snapshot;
        }

        var net = new Dictionary<WorkspacePath, FileChange>();
        foreach (var change in merges.Members(snapshot.Number.Value).SelectMany(reader.Changes).SelectMany(change => change.PerPath()))
        {
            net[change.Path] = new FileChange(change.Path, net.TryGetValue(change.Path, out var earlier) ? earlier.Before : change.Before, change.After);
        }

        return snapshot with
        {
            MergedFrom = new SnapshotNumber(merge.First),
            Parent = reader.GetHeader(merge.First).Parent,
            OperationCount = merge.OperationCount,
            Changes = [.. net.Values],
        };
    }

    // Only numbers that SQLite gave go into the text, never anything a caller wrote; the branch's own needs no bound.
    private string OnLineage(string branch)
    {
        var head = database.Prepare("SELECT coalesce(head, fork) FROM branches WHERE name = $1").Scalar(branch);
        var segments = head is { } number ? Lineage.OfExisting(database, number).Segments : [];
        return segments.Count == 0
            ? "0"
            : "(" + string.Join(" OR ", segments.Select((s, i) => i == 0 ? $"s.branch = {s.Branch}" : $"(s.branch = {s.Branch} AND s.number <= {s.UpTo})")) + ")";
    }

    private static SnapshotNumber? Number(long? value) => value is { } number ? new SnapshotNumber(number) : null;
}
