using Savepoint.Model;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Copies what can be read of a damaged database into a new one. What is derived (the tree of each head, statistics) or means
/// nothing without its process (spans, watchers) is not copied. Inside a write of the new database.
/// </summary>
internal sealed class SalvagedRows(StoreDatabase damaged, StoreDatabase target)
{
    private static readonly (string Table, string Key)[] Numbered =
    [
        ("paths", "id"), ("contents", "id"), ("packs", "id"), ("actors", "id"), ("git_heads", "id"), ("branches", "id"), ("snapshots", "number"),
        ("verifications", "id"), ("policies", "id"), ("decisions", "id"), ("experiments", "id"), ("merged", "number"), ("events", "id"), ("restores", "id"), ("working_copies", "branch"), ("frozen_bases", "id"), ("lost", "last"),
    ];

    private static readonly (string Table, string Order)[] Others =
    [
        ("changes", "path, branch, snapshot"), ("labels", "name"), ("merges", "last, freed"), ("compactions", "branch, level"), ("turns", "session, number"),
        ("ended_sessions", "session"), ("forgotten", "path, snapshot"), ("restore_steps", "restore, step"),
        ("approaches", "experiment, position"), ("trials", "prefix"),
    ];

    /// <summary>The tables of which no number is given twice.</summary>
    private static readonly string[] Counted = ["packs", "spans", "events", "experiments", "frozen_bases"];

    /// <summary>A number above it was not counted up to: a flipped bit made it.</summary>
    private const long MaxSequence = 1L << 40;

    private readonly SalvageReader _reader = new(damaged);
    private readonly List<string> _torn = [];

    /// <summary>Copies; the names of the tables of which something could not be read.</summary>
    public List<string> Copy()
    {
        target.Prepare("DELETE FROM branches").Execute(); // the new database's own
        foreach (var (table, key) in Numbered)
        {
            var columns = Columns(table);
            Note(table, _reader.ReadNumbered(table, key, Names(columns), Inserter(table, columns)));
        }

        foreach (var (table, order) in Others)
        {
            var columns = Columns(table);
            var take = Inserter(table, columns);
            var isWhole = _reader.ReadFromBothEnds(table, Names(columns), order, take);
            Note(table, isWhole);
            if (!isWhole && table == "changes")
            {
                ReadByPath(Names(columns), take);
            }
        }

        Note(TornTables.Sequences, CarryOnSequences());
        return _torn;
    }

    private void Note(string table, bool isWhole)
    {
        if (!isWhole && !_torn.Contains(table))
        {
            _torn.Add(table);
        }
    }

    /// <summary>Numbers that are never given again go on from where they were, whatever of their rows is left.</summary>
    private bool CarryOnSequences() =>
        _reader.ReadFromBothEnds("sqlite_sequence", "name, seq", "rowid", values =>
        {
            if (values is [string name, long number and < MaxSequence] && Counted.Contains(name) && (target.Prepare("SELECT seq FROM sqlite_sequence WHERE name = $1").Scalar(name) ?? 0) < number)
            {
                target.Prepare("DELETE FROM sqlite_sequence WHERE name = $1").Execute(name);
                target.Prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)").Execute(name, number);
            }
        });

    /// <summary>Between the two ends, each path's changes lie together: asked for one by one, only those on a damaged page are lost.</summary>
    private void ReadByPath(string columns, Action<object?[]> take)
    {
        var paths = new List<long>();
        using (var row = target.Prepare("SELECT id FROM paths ORDER BY id").Query())
        {
            while (row.Read())
            {
                paths.Add(row.GetInt64(0));
            }
        }

        foreach (var path in paths)
        {
            _reader.ReadFromBothEnds("changes", columns, "branch, snapshot", take, "path = $1", path);
        }
    }

    private Action<object?[]> Inserter(string table, List<Column> columns)
    {
        var places = string.Join(", ", columns.Select((_, i) => $"${i + 1}"));
        var insert = target.Prepare($"INSERT OR IGNORE INTO {table} ({Names(columns)}) VALUES ({places})");
        return values =>
        {
            // A flipped bit may have made something else of a value: what does not fit its column is not what was recorded.
            var fits = values.Zip(columns).All(pair => Fits(pair.First, pair.Second)) && (table != "paths" || WorkspacePath.TryFromBytes((byte[])values[1]!, out _, out _));
            Note(table, fits);
            if (fits)
            {
                insert.Execute(values);
            }
        };
    }

    private static bool Fits(object? value, Column column) => value switch
    {
        null => !column.IsNeeded,
        long => column.Type == "INTEGER",
        string => column.Type == "TEXT",
        byte[] => column.Type == "BLOB",
        _ => false,
    };

    private static string Names(List<Column> columns) => string.Join(", ", columns.Select(column => column.Name));

    /// <summary>The columns of the new table; those that are its key come first where it is a number.</summary>
    private List<Column> Columns(string table)
    {
        var columns = new List<Column>();
        using var row = target.Prepare($"SELECT name, type, \"notnull\" FROM pragma_table_info('{table}') ORDER BY cid").Query();
        while (row.Read())
        {
            columns.Add(new Column(row.GetString(0), row.GetString(1), row.GetInt64(2) != 0));
        }

        return columns;
    }

    /// <summary>A column, and whether it is never null.</summary>
    private sealed record Column(string Name, string Type, bool IsNeeded);
}
