namespace Savepoint.Storage;

/// <summary>The table <c>trials</c>: what processes have branches for a while only, by the names of those. A row whose process is gone says what to take away.</summary>
internal sealed class TrialTable(StoreDatabase database)
{
    /// <summary>Notes that this process begins with branches of this name.</summary>
    public void Begin(string prefix) => database.Write(() => Insert(prefix));

    /// <summary>The same inside a write.</summary>
    public void Insert(string prefix) =>
        database.Prepare("INSERT OR REPLACE INTO trials (prefix, process, process_start) VALUES ($1, $2, $3)").Execute(prefix, ProcessIdentity.Own.Number, ProcessIdentity.Own.StartedAt);

    /// <summary>Notes that nothing is left of it.</summary>
    public void End(string prefix) => database.Write(() => database.Prepare("DELETE FROM trials WHERE prefix = $1").Execute(prefix));

    /// <summary>Those whose process is gone.</summary>
    public List<string> Dead() => database.Read(() =>
    {
        var dead = new List<string>();
        using var row = database.Prepare("SELECT prefix, process, process_start FROM trials").Query();
        while (row.Read())
        {
            if (!new ProcessIdentity(row.GetInt32(1), row.GetInt64(2)).IsAlive)
            {
                dead.Add(row.GetString(0));
            }
        }

        return dead;
    });

    /// <summary>Makes a dead process's row our own, so that no other takes the same away at the same time; false if another was faster.</summary>
    public bool TakeOver(string prefix) => database.Write(() =>
    {
        using (var row = database.Prepare("SELECT process, process_start FROM trials WHERE prefix = $1").Query(prefix))
        {
            if (!row.Read() || new ProcessIdentity(row.GetInt32(0), row.GetInt64(1)).IsAlive)
            {
                return false;
            }
        }

        database.Prepare("UPDATE trials SET process = $2, process_start = $3 WHERE prefix = $1").Execute(prefix, ProcessIdentity.Own.Number, ProcessIdentity.Own.StartedAt);
        return true;
    });
}
