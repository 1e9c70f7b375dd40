using Savepoint.Model;
using SQLitePCL;

namespace Savepoint.Storage;

/// <summary>
/// The SQLite database of a store: opening, format check, transactions, prepared statements. One connection, guarded by
/// one lock: SQLite serialises writers anyway, and reads here take microseconds.
/// </summary>
/// <remarks>
/// No checkpoint runs inside a commit or at the last close (<c>wal_autocheckpoint=0</c>, <c>NO_CKPT_ON_CLOSE</c>): a
/// capture must not pay for it. <see cref="Checkpoint"/> is called when nobody waits.
/// </remarks>
internal sealed partial class StoreDatabase : IDisposable
{
    private const int ApplicationId = 0x53617665; // "Save"
    private const int BusyTimeoutMilliseconds = 20_000;
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
    private const int CacheUsed = 1; // SQLITE_DBSTATUS_CACHE_USED

    private readonly sqlite3 _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private StoreDatabase(sqlite3 connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Called at the beginning of each write, inside its transaction: throws where what is written would be lost. Null: nothing is asked.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>
    /// Creates a store's database, readable by its owner alone; opens it if it is there. One whose making was cut short
    /// has no table yet, and is made now. Two processes must not do this at once.
    /// </summary>
    public static StoreDatabase OpenOrCreate(string path, bool syncEachCommit)
    {
        if (!File.Exists(path))
        {
            CreatePrivate(path).Dispose();
        }

        return OpenConnection(path, syncEachCommit, database =>
        {
            if (database.Prepare("SELECT count(*) FROM sqlite_master").Scalar() > 0)
            {
                database.CheckFormat();
                database.RequireLog();
                return;
            }

            // Incremental vacuum must be chosen before the first table; it lets gc give pages back to the file system.
            database.Run("PRAGMA page_size=2048; PRAGMA auto_vacuum=INCREMENTAL");
            database.RequireLog();
            database.Write(() =>
            {
                database.Run(Schema.Sql);
                database.Run($"PRAGMA application_id={ApplicationId}; PRAGMA user_version={Schema.Version}");
            });
        });
    }

    /// <summary>Opens an existing database.</summary>
    /// <exception cref="SavepointException">It is of a newer format, damaged, or cannot be opened.</exception>
    public static StoreDatabase Open(string path, bool syncEachCommit) =>
        OpenConnection(path, syncEachCommit, database =>
        {
            database.CheckFormat();
            database.RequireLog();
        });

    /// <summary>Opens a database that may be damaged, to read what can be read; its format is not looked at.</summary>
    public static StoreDatabase OpenForSalvage(string path) => OpenConnection(path, syncEachCommit: false, database => database.Prepare("SELECT count(*) FROM sqlite_master").Scalar());

    /// <summary>A prepared statement, made once for each text. Only inside <see cref="Read{T}"/> or <see cref="Write{T}"/>.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new Statement(this, _connection, sql);
        }

        return statement;
    }

    /// <summary>The text of every statement so far, for a look at their plans.</summary>
    public List<string> Statements() => Read(() => _statements.Keys.ToList());

    /// <summary>Runs <paramref name="read"/> alone on the connection.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    /// <summary>
    /// Runs <paramref name="read"/> on one unchanging state of the database; inside another such read or a write, on that
    /// one's. It also saves the file lock that SQLite takes and drops for each statement by itself.
    /// </summary>
    public T ReadConsistently<T>(Func<T> read) =>
        Read(() => raw.sqlite3_get_autocommit(_connection) == 0 ? read() : InTransaction("BEGIN", read));

    /// <summary>Runs <paramref name="write"/> in a transaction: committed when it returns, rolled back when it throws.</summary>
    public T Write<T>(Func<T> write) => Read(() => InTransaction("BEGIN IMMEDIATE", () =>
    {
        BeforeWrite?.Invoke();
        return write();
    }));

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action write) => Write(() =>
    {
        write();
        return true;
    });

    /// <summary>The number of the row inserted last.</summary>
    public long LastInsertedRow() => raw.sqlite3_last_insert_rowid(_connection);

    /// <summary>The memory that cached pages take; null if somebody uses the database just now.</summary>
    public long? TryCountCachedBytes()
    {
        if (!_gate.TryEnter())
        {
            return null;
        }

        try
        {
            Check(raw.sqlite3_db_status(_connection, CacheUsed, out var current, out _, 0));
            return current;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Lets go of cached pages that nothing uses.</summary>
    public void FreeCache() => Read(() =>
    {
        Run("PRAGMA shrink_memory");
        return true;
    });

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _connection.Dispose();
        }
    }

    private void CheckFormat()
    {
        var format = Prepare("PRAGMA user_version").Scalar() ?? 0;
        if (format > Schema.Version)
        {
            throw new SavepointException(
                ErrorCode.NewerFormat,
                $"The store {Path} has format {format}; this version of Savepoint reads up to {Schema.Version}.",
                "Install a newer Savepoint; nothing was changed.");
        }

        if (format == 0)
        {
            throw new SavepointException(ErrorCode.Damaged, $"{Path} is not a Savepoint store.", "If 'savepoint init' was interrupted, run it again; otherwise 'savepoint repair', or 'savepoint doctor' to see what is there.");
        }

        if (format < Schema.Version)
        {
            Migrate();
        }
    }

    // Asked again inside the transaction: another process may have migrated meanwhile.
    private void Migrate() => Write(() =>
    {
        for (var format = (int)(Prepare("PRAGMA user_version").Scalar() ?? 0); format < Schema.Version; format++)
        {
            Run(Schema.Migrations[format - 1]);
            Run($"PRAGMA user_version={format + 1}");
        }
    });

    private static FileStream CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static StoreDatabase OpenConnection(string path, bool syncEachCommit, Action<StoreDatabase> prepare)
    {
        Batteries_V2.Init();
        var code = raw.sqlite3_open_v2(path, out var connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new StoreDatabase(connection, path);
        try
        {
            database.Check(code);
            raw.sqlite3_busy_timeout(connection, BusyTimeoutMilliseconds);
            raw.sqlite3_db_config(connection, NoCheckpointOnClose, 1, out _);
            database.Run($"PRAGMA synchronous={(syncEachCommit ? "FULL" : "NORMAL")}; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000");
            prepare(database);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private T InTransaction<T>(string begin, Func<T> body)
    {
        Prepare(begin).Execute();
        try
        {
            var result = body();
            Prepare("COMMIT").Execute();
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    // A full disk may have rolled the transaction back already; then there is none to end. And where the system fails it, what
    // failed before is the thing to tell: a transaction that does not commit is none.
    private void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection) == 0)
        {
            _ = raw.sqlite3_exec(_connection, "ROLLBACK");
        }
    }

    private void Run(string sql) => Check(raw.sqlite3_exec(_connection, sql));
}
