using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The table <c>turns</c>: the prompts that were announced.</summary>
internal sealed class TurnTable(StoreDatabase database)
{
    public void Add(Turn turn) => database.Write(() => database
        .Prepare("INSERT INTO turns (agent, session, number, turn, time, prompt) VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM turns WHERE session = $2), $3, $4, $5)")
        .Execute(turn.Agent, turn.Session, turn.Id, SnapshotTime.ToMicroseconds(turn.Time), turn.Prompt));

    /// <summary>How many turns of a session were announced.</summary>
    public long Count(string session) => database.Read(() => database.Prepare("SELECT count(*) FROM turns WHERE session = $1").Scalar(session)) ?? 0;

    /// <summary>The newest turn of a session; null if none was announced.</summary>
    public Turn? Newest(string session) => First("WHERE session = $1 ORDER BY number DESC", session);

    /// <summary>A turn of a session by its name; null if it was not announced.</summary>
    public Turn? Find(string session, string turn) => First("WHERE session = $1 AND turn = $2 ORDER BY number DESC", session, turn);

    /// <summary>A turn of any session by its name; null if it was not announced.</summary>
    public Turn? Find(string turn) => First("WHERE turn = $1 ORDER BY time DESC", turn);

    private Turn? First(string condition, params string[] values) => database.Read(() =>
    {
        using var row = database.Prepare($"SELECT agent, session, turn, time, prompt FROM turns {condition} LIMIT 1").Query(values);
        return row.Read() ? new Turn(row.TextOrNull(0), row.TextOrNull(1)!, row.TextOrNull(2)!, SnapshotTime.FromMicroseconds(row.GetInt64(3)), row.TextOrNull(4)) : null;
    });
}
