using Savepoint.Model;

namespace Savepoint.Storage.Repair;

/// <summary>
/// Reads the rows of a damaged database: forwards until a page cannot be read, then from behind it, and backwards from where
/// that began. A damaged leaf of a tree costs the rows on it; a damaged inner page those that neither direction reaches.
/// </summary>
internal sealed class SalvageReader(StoreDatabase damaged)
{
    private const long MaxSkip = 1L << 40;

    /// <summary>Each row of a table with a number as its key that can be read, some of them twice.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The column that is its number; the first of <paramref name="columns"/>.</param>
    /// <param name="columns">What to read, separated by commas.</param>
    /// <param name="take">Given each row.</param>
    /// <returns>Whether all of it could be read.</returns>
    public bool ReadNumbered(string table, string key, string columns, Action<object?[]> take)
    {
        var last = long.MinValue;
        void Note(object?[] row)
        {
            last = row[0] is long number && number > last ? number : last;
            take(row);
        }

        var isWhole = true;
        while (!TryRead($"SELECT {columns} FROM {table} WHERE {key} > $1 ORDER BY {key}", Note, last))
        {
            isWhole = false;
            var begin = last;
            if (FindBehind(table, key, begin) is not { } next || next - 1 <= begin) // on a damaged page numbers may fall
            {
                break;
            }

            TryRead($"SELECT {columns} FROM {table} WHERE {key} > $1 AND {key} < $2 ORDER BY {key} DESC", take, begin, next);
            last = next - 1;
        }

        if (!isWhole)
        {
            TryRead($"SELECT {columns} FROM {table} WHERE {key} > $1 ORDER BY {key} DESC", take, last);
        }

        return isWhole;
    }

    /// <summary>Each row that can be read from either end of a table, or of a part of it, some of them twice.</summary>
    public bool ReadFromBothEnds(string table, string columns, string order, Action<object?[]> take, string condition = "1", params object?[] values)
    {
        if (TryRead($"SELECT {columns} FROM {table} WHERE {condition} ORDER BY {order}", take, values))
        {
            return true;
        }

        var descending = string.Join(", ", order.Split(',').Select(column => $"{column} DESC"));
        TryRead($"SELECT {columns} FROM {table} WHERE {condition} ORDER BY {descending}", take, values);
        return false;
    }

    private long? FindBehind(string table, string key, long after)
    {
        for (long skip = 1; skip < MaxSkip; skip *= 2)
        {
            long? found = null;
            var start = after < 0 ? skip : after + skip;
            if (TryRead($"SELECT {key} FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT 1", row => found = row[0] as long?, start))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Reads until a failure; whether there was none.</summary>
    private bool TryRead(string sql, Action<object?[]> take, params object?[] values)
    {
        try
        {
            return damaged.Read(() =>
            {
                using var row = damaged.Prepare(sql).Query(values);
                while (row.Read())
                {
                    take(row.Values());
                }

                return true;
            });
        }
        catch (SavepointException)
        {
            return false;
        }
    }
}
