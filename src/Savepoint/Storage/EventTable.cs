using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The table <c>events</c>, and the order in which its rows and the snapshots happened. A row holds the newest snapshot at
/// its commit, and writers come one after the other: so (snapshot, row) is the order of commits, and a capture pays nothing
/// for it.
/// </summary>
internal sealed class EventTable(StoreDatabase database, SnapshotReader snapshots)
{
    /// <summary>What happened longer ago than so many of these rare events is forgotten; snapshots never are.</summary>
    public const int MaxRows = 10_000;

    private readonly DecisionTable _decisions = new(database);

    /// <summary>The place of what happened last; <see cref="EventPosition.Start"/> if nothing did.</summary>
    public EventPosition Newest() => new(
        database.Prepare("SELECT max(number) FROM snapshots").Scalar() ?? 0, database.Prepare("SELECT max(id) FROM events").Scalar() ?? 0);

    /// <summary>Records an event that is not a snapshot's. Inside a write.</summary>
    public void Add(SnapshotEvent happened)
    {
        database.Prepare("INSERT INTO events (after, time, name, details) VALUES ((SELECT coalesce(max(number), 0) FROM snapshots), $1, $2, $3)")
            .Execute(SnapshotTime.ToMicroseconds(happened.Time), happened.Name, EventDetails.Write(happened));
        database.Prepare("DELETE FROM events WHERE id <= $1").Execute(database.LastInsertedRow() - MaxRows);
    }

    /// <summary>The next events behind a place, the oldest first; none if there are none yet. Inside a consistent read.</summary>
    public List<SnapshotEvent> After(EventPosition place)
    {
        var (rows, end) = Rows(place);
        var headers = snapshots.HeadersAfter(place.Snapshot);
        var events = rows.Concat(headers.Select(EventOf)).OrderBy(happened => happened.Position).ToList();

        // Where one of the two has more than was read, what the other has behind that is not next.
        if (headers.Count == SnapshotReader.PageLength && new EventPosition(headers[^1].Number.Value, 0) is var last && !(end < last))
        {
            end = last;
        }

        return end is { } limit ? events.FindAll(happened => happened.Position <= limit) : events;
    }

    /// <summary>The rows that are no events.</summary>
    public static List<long> Unreadable(StoreDatabase database) => database.Read(() =>
    {
        var unreadable = new List<long>();
        try
        {
            using var row = database.Prepare("SELECT id, name, details FROM events").Query();
            while (row.Read())
            {
                if (!IsReadable(row))
                {
                    unreadable.Add(row.GetInt64(0));
                }
            }
        }
        catch (SavepointException)
        {
            // A page of it: the check of the database's structure names that.
        }

        return unreadable;
    });

    private static bool IsReadable(Row row)
    {
        try
        {
            _ = EventDetails.Read(row.GetString(1), row.GetString(2));
            return true;
        }
        catch (SavepointException)
        {
            return false;
        }
    }

    private SnapshotEvent EventOf(Snapshot snapshot)
    {
        var paths = database.Prepare("SELECT count(*) FROM changes WHERE snapshot = $1").Scalar(snapshot.Number.Value) ?? 0;
        SnapshotEvent happened = snapshot.Kind is SnapshotKind.Undo or SnapshotKind.Redo or SnapshotKind.Rollback or SnapshotKind.Revert
            ? new SnapshotRollbackEvent(snapshot, paths)
            : new SnapshotCreatedEvent(snapshot, paths);
        return happened with { Position = new EventPosition(snapshot.Number.Value, 0), Time = snapshot.Time };
    }

    /// <summary>The next rows, and where they end if there are more.</summary>
    private (List<SnapshotEvent> Rows, EventPosition? End) Rows(EventPosition place)
    {
        var events = new List<SnapshotEvent>();
        var (count, position) = (0, place);
        using var row = database.Prepare("SELECT id, after, time, name, details FROM events WHERE after >= $1 AND id > $2 ORDER BY id LIMIT $3").Query(place.Snapshot, place.Event, (long)SnapshotReader.PageLength);
        while (row.Read())
        {
            count++;
            position = new EventPosition(row.GetInt64(1), row.GetInt64(0));
            if (EventDetails.Read(row.GetString(3), row.GetString(4), position, SnapshotTime.FromMicroseconds(row.GetInt64(2)), _decisions.Find) is { } happened)
            {
                events.Add(happened);
            }
        }

        return (events, count == SnapshotReader.PageLength ? position : null);
    }
}
