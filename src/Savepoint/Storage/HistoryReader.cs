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

    /// <summary>Up to so many snapshots of a branch as they were recorded, the oldest first.</summary>
    public List<Snapshot> OldestFirst(string branch, long after, long upTo, int count) => database.ReadConsistently(() =>
    {
        var numbers = new List<long>();
        using (var row = database.Prepare("SELECT number FROM snapshots WHERE number > $1 AND number <= $2 AND branch = (SELECT id FROM branches WHERE name = $3) ORDER BY number LIMIT $4").Query(after, upTo, branch, count))
        {
            while (row.Read())
            {
                numbers.Add(row.GetInt64(0));
            }
        }

        return numbers.ConvertAll(number => reader.Find(number)!);
    });

    /// <summary>The first snapshot of a turn (or session): what it did begins there.</summary>
    public SnapshotNumber? FirstOf(string? session, string? turn) => Number(database.Read(() => turn is not null
        ? database.Prepare("SELECT min(number) FROM snapshots WHERE actor IN (SELECT id FROM actors WHERE turn = $1)").Scalar(turn)
        : database.Prepare("SELECT min(number) FROM snapshots WHERE actor IN (SELECT id FROM actors WHERE session = $1)").Scalar(session)));

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

    /// <summary>Agents' sessions with their number of snapshots, the newest first.</summary>
    public List<SessionSummary> Sessions() => database.Read(() =>
    {
        var sessions = new List<SessionSummary>();
        using var row = database.Prepare("""
            SELECT a.session, a.agent, count(*), min(s.time), max(s.time), max(s.number) FROM snapshots s JOIN actors a ON a.id = s.actor
            WHERE a.session IS NOT NULL GROUP BY a.session, a.agent ORDER BY max(s.number) DESC
            """).Query();
        while (row.Read())
        {
            sessions.Add(new SessionSummary(row.GetString(0), row.TextOrNull(1), row.GetInt64(2), SnapshotTime.FromMicroseconds(row.GetInt64(3)), SnapshotTime.FromMicroseconds(row.GetInt64(4)), new SnapshotNumber(row.GetInt64(5))));
        }

        return sessions;
    });

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
            Parent = reader.FindHeader(merge.First)!.Parent,
            OperationCount = merge.OperationCount,
            Changes = [.. net.Values],
        };
    }

    // Only numbers that SQLite gave go into the text, never anything a caller wrote; the branch's own needs no bound.
    private string OnLineage(string branch)
    {
        var head = database.Prepare("SELECT coalesce(head, fork) FROM branches WHERE name = $1").Scalar(branch);
        var segments = head is { } number ? Lineage.Of(database, number)!.Segments : [];
        return segments.Count == 0
            ? "0"
            : "(" + string.Join(" OR ", segments.Select((s, i) => i == 0 ? $"s.branch = {s.Branch}" : $"(s.branch = {s.Branch} AND s.number <= {s.UpTo})")) + ")";
    }

    private static SnapshotNumber? Number(long? value) => value is { } number ? new SnapshotNumber(number) : null;
}
