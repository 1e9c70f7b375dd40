using Savepoint.Model;
using SQLitePCL;

namespace Savepoint.Storage;

/// <summary>One prepared SQL statement with positional parameters <c>$1</c>, <c>$2</c>, … Null binds NULL.</summary>
/// <remarks>
/// SQLite's own calls, without ADO.NET between: a capture runs some fifteen statements, and the provider's command, reader
/// and parameter objects cost several times what SQLite does (docs/design/sqlite.md).
/// </remarks>
internal sealed class Statement : IDisposable
{
    private readonly StoreDatabase _database;
    private readonly sqlite3_stmt _handle;
    private readonly Row _row;
    private bool _isOpen;

    public Statement(StoreDatabase database, sqlite3 connection, string sql)
    {
        // To SQLite "$2" is a name, numbered by where it first appears; "?2" is the second parameter wherever it stands.
        _database = database;
        database.Check(raw.sqlite3_prepare_v3(connection, sql.Replace('$', '?'), raw.SQLITE_PREPARE_PERSISTENT, out _handle));
        _row = new Row(this, _handle);
    }

    /// <summary>Runs it for its effect; returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        using var row = Query(values);
        while (row.Read())
        {
        }

        return raw.sqlite3_changes(raw.sqlite3_db_handle(_handle));
    }

    /// <summary>The first column of the first row as a number; null when there is no row or it is NULL.</summary>
    public long? Scalar(params ReadOnlySpan<object?> values)
    {
        using var row = Query(values);
        return row.Read() ? row.Int64OrNull(0) : null;
    }

    /// <summary>The first column of all rows as numbers.</summary>
    public List<long> Numbers(params ReadOnlySpan<object?> values)
    {
        var numbers = new List<long>();
        ReadNumbers(numbers, values);
        return numbers;
    }

    /// <summary>The same, added to a list, in which what was read stays where a later row cannot be.</summary>
    public void ReadNumbers(List<long> numbers, params ReadOnlySpan<object?> values)
    {
        using var row = Query(values);
        while (row.Read())
        {
            numbers.Add(row.GetInt64(0));
        }
    }

    /// <summary>Runs it for its rows. Dispose them before the statement is used again.</summary>
    /// <exception cref="InvalidOperationException">Its rows are being read already.</exception>
    public Row Query(params ReadOnlySpan<object?> values)
    {
        if (_isOpen)
        {
            throw new InvalidOperationException("The statement's rows are still being read.");
        }

        for (var i = 0; i < values.Length; i++)
        {
            Bind(i + 1, values[i]);
        }

        _isOpen = true;
        return _row;
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    internal bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        return code == raw.SQLITE_ROW || (code == raw.SQLITE_DONE ? false : throw _database.Failure(code));
    }

    /// <summary>Ends the run: the statement may be used again.</summary>
    internal void Reset()
    {
        raw.sqlite3_reset(_handle); // repeats the code of a failed step, which was thrown then
        _isOpen = false;
    }

    public void Dispose() => _handle.Dispose();

    private void Bind(int index, object? value) => _database.Check(value switch
    {
        null => raw.sqlite3_bind_null(_handle, index),
        int number => raw.sqlite3_bind_int64(_handle, index, number),
        long number => raw.sqlite3_bind_int64(_handle, index, number),
        string text => raw.sqlite3_bind_text(_handle, index, text),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_handle, index, 0),
        byte[] bytes => raw.sqlite3_bind_blob(_handle, index, bytes),
        _ => throw new ArgumentException($"A parameter of type {value.GetType()} has no counterpart in SQLite.", nameof(value)),
    });
}

/// <summary>The rows of a running statement, one at a time. A column that is NULL is asked for with <c>OrNull</c>.</summary>
internal sealed class Row(Statement statement, sqlite3_stmt handle) : IDisposable
{
    private const long MaxSizeBytes = 1L << 50;

    /// <summary>Goes to the next row; false after the last.</summary>
    public bool Read() => statement.Step();

    /// <summary>All columns as they are: null, a whole number, a text, bytes, or a number with a fraction.</summary>
    public object?[] Values()
    {
        var values = new object?[raw.sqlite3_column_count(handle)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = raw.sqlite3_column_type(handle, i) switch
            {
                raw.SQLITE_NULL => null,
                raw.SQLITE_INTEGER => GetInt64(i),
                raw.SQLITE_TEXT => GetString(i),
                raw.SQLITE_BLOB => Bytes(i),
                _ => raw.sqlite3_column_double(handle, i),
            };
        }

        return values;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(handle, column);

    public int GetInt32(int column) => checked((int)GetInt64(column));

    public string GetString(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public byte[] Bytes(int column) => BytesInPlace(column).ToArray();

    /// <summary>As <see cref="Bytes"/>, where SQLite has them: only until the next row is asked for.</summary>
    public ReadOnlySpan<byte> BytesInPlace(int column) => raw.sqlite3_column_blob(handle, column);

    /// <summary>A content's or snapshot's hash.</summary>
    /// <exception cref="SavepointException">It is not as long as a hash is.</exception>
    public ContentId Id(int column)
    {
        var bytes = raw.sqlite3_column_blob(handle, column);
        return bytes.Length == ContentId.LengthBytes
            ? new ContentId(bytes)
            : throw new SavepointException(ErrorCode.Damaged, $"A recorded hash has {bytes.Length} bytes.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
    }

    /// <summary>A length in bytes: no file is longer than a petabyte.</summary>
    /// <exception cref="SavepointException">It is no length.</exception>
    public long Size(int column) => GetInt64(column) is >= 0 and <= MaxSizeBytes and var size
        ? size
        : throw new SavepointException(ErrorCode.Damaged, $"A recorded content has the impossible length {GetInt64(column)}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");

    public long? SizeOrNull(int column) => IsNull(column) ? null : Size(column);

    public long? Int64OrNull(int column) => IsNull(column) ? null : GetInt64(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : GetString(column);

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Bytes(column);

    public ContentId? IdOrNull(int column) => IsNull(column) ? null : Id(column);

    public void Dispose() => statement.Reset();
}
