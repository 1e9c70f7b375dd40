namespace Savepoint.Storage;

/// <summary>The table <c>counters</c>: statistics that no snapshot holds, summed over all processes that had the store open.</summary>
internal sealed class CounterTable(StoreDatabase database)
{
    /// <summary>Adds to counters, each made where it is not there. Inside a write.</summary>
    public void Add(string name, long count) =>
        database.Prepare("INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT DO UPDATE SET value = value + excluded.value").Execute(name, count);

    /// <summary>Sets a counter that is no sum. Inside a write.</summary>
    public void Set(string name, long value) =>
        database.Prepare("INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT DO UPDATE SET value = excluded.value").Execute(name, value);

    /// <summary>A counter's value; 0 where it is not there. Inside a read.</summary>
    public long Find(string name) => database.Prepare("SELECT value FROM counters WHERE name = $1").Scalar(name) ?? 0;

    /// <summary>Each counter by its name. Inside a read.</summary>
    public Dictionary<string, long> All()
    {
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        using var row = database.Prepare("SELECT name, value FROM counters").Query();
        while (row.Read())
        {
            counters[row.GetString(0)] = row.GetInt64(1);
        }

        return counters;
    }
}
