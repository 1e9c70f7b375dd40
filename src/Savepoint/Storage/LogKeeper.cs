using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Keeps the write-ahead log short in a long-lived process: every so many commits, on another thread and connection, so
/// that no capture waits for it. A process that ends sooner leaves that to the next one, or to its own end.
/// </summary>
internal sealed class LogKeeper(string databasePath) : IDisposable
{
    /// <summary>
    /// A commit writes about seven pages of 2 KiB: this many make a log of 14 MiB. A checkpoint syncs the database, and whoever
    /// renames a file meanwhile waits some 3 ms for the file system's journal: seldom enough to stay out of an undo's p99.
    /// </summary>
    private const int CommitsPerCheckpoint = 1024;

    private readonly Lock _gate = new();
    private StoreDatabase? _database;
    private Task _running = Task.CompletedTask;
    private int _commits;

    /// <summary>To be called after each commit.</summary>
    public void Committed()
    {
        if (Interlocked.Increment(ref _commits) % CommitsPerCheckpoint != 0)
        {
            return;
        }

        Start();
    }

    /// <summary>Folds the log back now, as after many commits.</summary>
    public Task FoldAsync(CancellationToken cancellationToken) => Start().WaitAsync(cancellationToken);

    public void Dispose()
    {
        Task running;
        lock (_gate)
        {
            running = _running;
        }

        running.GetAwaiter().GetResult();
        _database?.Dispose();
    }

    private Task Start()
    {
        lock (_gate)
        {
            return _running = _running.IsCompleted ? Task.Run(Checkpoint) : _running;
        }
    }

    private void Checkpoint()
    {
        try
        {
            _database ??= StoreDatabase.Open(databasePath, syncEachCommit: false);
            _database.CheckpointWhileOthersWrite();
        }
        catch (SavepointException)
        {
            // The log stays long, and whoever reads or writes the store next meets the same trouble where it can be told.
        }
    }
}
