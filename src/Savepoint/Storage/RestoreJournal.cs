using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The tables <c>restores</c> and <c>restore_steps</c>.</summary>
internal sealed class RestoreJournal(StoreDatabase database) : IRestoreJournal
{
    public PendingRestore Begin(Snapshot draft, IReadOnlyList<RestoreStep> steps) => database.Write(() =>
    {
        database.Prepare("""
            INSERT INTO restores (branch, kind, time, target, agent, session, turn, tool_call, tool, message, redoable)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """).Execute(
            draft.Branch, (long)draft.Kind, SnapshotTime.ToMicroseconds(draft.Time), draft.Target?.Value,
            draft.Actor.Agent, draft.Actor.Session, draft.Actor.Turn, draft.Actor.ToolCall, draft.Tool, draft.Message, (long)draft.RedoCount);
        var id = database.LastInsertedRow();
        InsertSteps(id, steps);
        return new PendingRestore(id, draft, steps);
    });

    public void Abandon(PendingRestore restore) => database.Write(() => Remove(restore.Id));

    public PendingRestore Replace(PendingRestore restore, IReadOnlyList<RestoreStep> steps) => database.Write(() =>
    {
        RemoveSteps(restore.Id);
        InsertSteps(restore.Id, steps);
        return restore with { Steps = steps };
    });

    public bool HasUnfinished(string branch) => database.Read(() => database.Prepare("SELECT 1 FROM restores WHERE branch = $1 LIMIT 1").Scalar(branch)) is not null;

    public PendingRestore? Unfinished(string branch) => database.Read(() =>
    {
        using var row = database.Prepare("SELECT id, branch, kind, time, target, agent, session, turn, tool_call, tool, message, redoable FROM restores WHERE branch = $1 ORDER BY id LIMIT 1").Query(branch);
        if (!row.Read())
        {
            return null;
        }

        var draft = new Snapshot
        {
            Branch = row.GetString(1),
            Kind = (SnapshotKind)row.GetInt32(2),
            Time = SnapshotTime.FromMicroseconds(row.GetInt64(3)),
            Target = row.Int64OrNull(4) is { } target ? new SnapshotNumber(target) : null,
            Actor = new Actor(row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(8)),
            Tool = row.TextOrNull(9),
            Message = row.TextOrNull(10),
            RedoCount = row.GetInt32(11),
            Changes = [],
        };
        return new PendingRestore(row.GetInt64(0), draft, Steps(row.GetInt64(0)));
    });

    /// <summary>Removes a restore's rows. Inside a write: that of the snapshot that ends it.</summary>
    public void Remove(long id)
    {
        RemoveSteps(id);
        database.Prepare("DELETE FROM restores WHERE id = $1").Execute(id);
    }

    private void RemoveSteps(long restore) => database.Prepare("DELETE FROM restore_steps WHERE restore = $1").Execute(restore);

    private void InsertSteps(long restore, IReadOnlyList<RestoreStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            InsertStep(restore, i, steps[i]);
        }
    }

    private void InsertStep(long restore, int index, RestoreStep step) =>
        database.Prepare("""
            INSERT INTO restore_steps (restore, step, path, before_state, before_content, before_size, after_state, after_content, after_size)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """).Execute(
            restore, (long)index, step.Path.Bytes.ToArray(),
            StateCode.Pack(step.Before), step.Before.ContentId?.ToBytes(), StateCode.SizeBytes(step.Before),
            StateCode.Pack(step.After), step.After.ContentId?.ToBytes(), StateCode.SizeBytes(step.After));

    private List<RestoreStep> Steps(long restore)
    {
        var steps = new List<RestoreStep>();
        using var row = database.Prepare("""
            SELECT path, before_state, before_content, before_size, after_state, after_content, after_size
            FROM restore_steps WHERE restore = $1 ORDER BY step
            """).Query(restore);
        while (row.Read())
        {
            steps.Add(new RestoreStep(PathTable.Read(row.Bytes(0)), StateTable.ReadState(row, 1), StateTable.ReadState(row, 4)));
        }

        return steps;
    }
}
