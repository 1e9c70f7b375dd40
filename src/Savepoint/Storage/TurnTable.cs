using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The table <c>turns</c>: the prompts that were announced.</summary>
internal sealed class TurnTable(StoreDatabase database)
{
    /// <summary>Notes that one begins, if its session's newest is not the same.</summary>
    /// <param name="session">Of which.</param>
    /// <param name="actor">Whose. A turn without a name is called by the session's first eight characters and a count.</param>
    /// <param name="time">When.</param>
    /// <param name="prompt">The prompt's beginning; null if it is not known.</param>
    /// <param name="isTimeTold">Whether its client told the time, by which it is known again.</param>
    public Turn Begin(string session, Actor actor, DateTimeOffset time, string? prompt, bool isTimeTold) => database.Write(() =>
    {
        var microseconds = SnapshotTime.ToMicroseconds(time);
        if (Newest(session) is { } newest
            && (actor.Turn is { } named ? newest.Id == named : isTimeTold && SnapshotTime.ToMicroseconds(newest.Time) == microseconds && newest.Prompt == prompt))
        {
            return newest;
        }

        var name = actor.Turn ?? $"{(session.Length > 8 ? session[..8] : session)}-{Count(session) + 1}";
        database.Prepare("INSERT INTO turns (agent, session, number, turn, time, prompt) VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM turns WHERE session = $2), $3, $4, $5)")
            .Execute(actor.Agent, session, name, microseconds, prompt);
        return new Turn(actor.Agent, session, name, time, prompt);
    });

    /// <summary>The newest turn of a session; null if none was announced.</summary>
    public Turn? Newest(string session) => First("WHERE session = $1 ORDER BY number DESC", session);

    /// <summary>A turn of a session by its name; null if it was not announced.</summary>
    public Turn? Find(string session, string turn) => First("WHERE session = $1 AND turn = $2 ORDER BY number DESC", session, turn);

    /// <summary>A turn of any session by its name; null if it was not announced.</summary>
    public Turn? Find(string turn) => First("WHERE turn = $1 ORDER BY time DESC", turn);

    private long Count(string session) => database.Prepare("SELECT count(*) FROM turns WHERE session = $1").Scalar(session) ?? 0;

    private Turn? First(string condition, params string[] values) => database.Read(() =>
    {
        using var row = database.Prepare($"SELECT agent, session, turn, time, prompt FROM turns {condition} LIMIT 1").Query(values);
        return row.Read() ? new Turn(row.TextOrNull(0), row.TextOrNull(1)!, row.TextOrNull(2)!, SnapshotTime.FromMicroseconds(row.GetInt64(3)), row.TextOrNull(4)) : null;
    });
}
