using Savepoint.Model;
using SQLitePCL;

namespace Savepoint.Storage;

/// <content>The write-ahead log and the room that the files take.</content>
internal sealed partial class StoreDatabase
{
    private const int BriefBusyTimeoutMilliseconds = 20;
    private const int FoldBusyTimeoutMilliseconds = 1000; // while it waits for a reader, every writer waits for it
    private const long MaxRewrittenBytes = 32 * 1024 * 1024; // half a second

    /// <summary>The length of the write-ahead log; 0 when there is none.</summary>
    public long WalBytes => new FileInfo(Path + "-wal") is { Exists: true } wal ? wal.Length : 0;

    /// <summary>Moves the write-ahead log into the database file and empties it, unless others are using it just now.</summary>
    /// <returns>Whether the log is empty now.</returns>
    public bool Checkpoint() => Read(() => Prepare("PRAGMA wal_checkpoint(TRUNCATE)").Scalar() == 0);

    /// <summary>
    /// As <see cref="Checkpoint"/>, when a process ends: others are waited for a moment only, and a failure is none, since what was
    /// recorded is recorded. Whoever ends next, or stays, does it.
    /// </summary>
    public void CheckpointBriefly()
    {
        try
        {
            WaitingAtMost(BriefBusyTimeoutMilliseconds, Checkpoint);
        }
        catch (SavepointException)
        {
            // See above.
        }
    }

    /// <summary>Has the disk hold what was committed, as each commit does under <c>durability: disk</c>.</summary>
    public void SyncLog()
    {
        if (WalBytes > 0)
        {
            using var log = File.OpenHandle(Path + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(log);
        }

        DirectorySync.Sync(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <summary>Moves what it can of the log into the database file, so that the next writer may begin it anew; waits for nobody.</summary>
    public void CheckpointWithoutWaiting() => Read(() => Prepare("PRAGMA wal_checkpoint(PASSIVE)").Scalar());

    /// <summary>
    /// Moves the log into the database file and has the next writer begin it anew, while others write: nearly all of it
    /// without making anybody wait, then the few frames that came meanwhile with the writers held off.
    /// </summary>
    public void CheckpointWhileOthersWrite() => WaitingAtMost(FoldBusyTimeoutMilliseconds, () =>
    {
        Prepare("PRAGMA wal_checkpoint(PASSIVE)").Scalar();
        return Prepare("PRAGMA wal_checkpoint(RESTART)").Scalar();
    });

    /// <summary>
    /// Gives free pages back to the file system and empties the log. A small database is written anew, which also fills its
    /// half-empty pages; in a large one those are left to what comes next.
    /// </summary>
    public void Shrink() => Read(() =>
    {
        Checkpoint();
        var isSmall = new FileInfo(Path).Length <= MaxRewrittenBytes;
        Run(isSmall ? "VACUUM" : "PRAGMA incremental_vacuum");

        // Whoever closes last may now remove the empty log and its shared memory, which the next one would make anew.
        raw.sqlite3_db_config(_connection, NoCheckpointOnClose, 0, out _);
        return Checkpoint();
    });

    /// <summary>
    /// Writes the whole database anew, whatever its size, so that nothing is left of what was deleted: not in free pages, not in
    /// the log.
    /// </summary>
    /// <returns>Whether the log is empty; not while another process reads.</returns>
    public bool WriteAnew() => Read(() =>
    {
        Checkpoint();
        Run("VACUUM");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (Checkpoint())
            {
                return true; // each waits as long as SQLite waits for a busy database
            }
        }

        return false;
    });

    /// <summary>Gives free pages back to the file system, as far as that takes no room itself. A command waits for it, so it waits for others only so long.</summary>
    public void GiveBackFreePages() => WaitingAtMost(FoldBusyTimeoutMilliseconds, () =>
    {
        Checkpoint();
        Run("PRAGMA incremental_vacuum");
        return Checkpoint();
    });

    private T WaitingAtMost<T>(int milliseconds, Func<T> action) => Read(() =>
    {
        raw.sqlite3_busy_timeout(_connection, milliseconds);
        try
        {
            return action();
        }
        finally
        {
            raw.sqlite3_busy_timeout(_connection, BusyTimeoutMilliseconds);
        }
    });

    /// <summary>
    /// Without a write-ahead log a reader keeps writers waiting, and what is said of commits does not hold. SQLite says which mode it
    /// is in and reports no error where it cannot have this one: a file system that maps no memory, or a process without such a log.
    /// </summary>
    private void RequireLog()
    {
        using var row = Prepare("PRAGMA journal_mode=WAL").Query();
        if (row.Read() && row.GetString(0) is not "wal" and var mode)
        {
            throw new SavepointException(
                ErrorCode.Environment,
                $"The store {Path} cannot have a write-ahead log where it is (its journal mode is '{mode}').",
                "Keep it on a local disk: name a directory there with SAVEPOINT_HOME or 'init --store'. If another program has it open, end that and repeat the command.");
        }
    }
}
