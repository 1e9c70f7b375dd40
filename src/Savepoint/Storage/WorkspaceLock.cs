using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The lock of a workspace's tree: any number of captures, or one restore. It is the system's own file lock (flock;
/// sharing modes on Windows), so it ends with its process and no stale one can be left.
/// </summary>
internal sealed class WorkspaceLock : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private WorkspaceLock(FileStream file) => _file = file;

    /// <summary>For captures: nothing restores meanwhile.</summary>
    public static Task<WorkspaceLock> SharedAsync(string storeDirectory, TimeProvider time, CancellationToken cancellationToken) =>
        AcquireAsync(storeDirectory, FileShare.Read, time, cancellationToken);

    /// <summary>For restores: nobody else captures or restores meanwhile.</summary>
    public static Task<WorkspaceLock> ExclusiveAsync(string storeDirectory, TimeProvider time, CancellationToken cancellationToken) =>
        AcquireAsync(storeDirectory, FileShare.None, time, cancellationToken);

    /// <summary>For the one watcher: a lock of its own, which keeps nobody else from anything. Null if another process has it.</summary>
    public static WorkspaceLock? TryWatch(string storeDirectory) =>
        TryOpen(Path.Combine(storeDirectory, StoreFiles.Watch), FileShare.None) is { } file ? new WorkspaceLock(file) : null;

    /// <summary>As <see cref="ExclusiveAsync"/>, of any folder with a lock, and without waiting: null if another process has it.</summary>
    public static WorkspaceLock? TryExclusive(string directory) =>
        TryOpen(Path.Combine(directory, StoreFiles.Lock), FileShare.None) is { } file ? new WorkspaceLock(file) : null;

    /// <summary>For checks: one at a time, since two builds in one directory break each other. It keeps nobody else from anything. Null if another process has it.</summary>
    public static WorkspaceLock? TryCheck(string storeDirectory) =>
        TryOpen(Path.Combine(storeDirectory, StoreFiles.Check), FileShare.None) is { } file ? new WorkspaceLock(file) : null;

    public void Dispose() => _file.Dispose();

    private static async Task<WorkspaceLock> AcquireAsync(string storeDirectory, FileShare share, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Path.Combine(storeDirectory, StoreFiles.Lock);
        var started = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (TryOpen(path, share) is { } file)
            {
                return new WorkspaceLock(file);
            }

            if (time.GetElapsedTime(started) > Timeout)
            {
                throw new SavepointException(ErrorCode.Busy, $"Another process has held the workspace for {Timeout.TotalSeconds:0} seconds.", "Repeat the command when it is done; 'savepoint doctor' shows who holds it.");
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static FileStream? TryOpen(string path, FileShare share)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = share == FileShare.None ? FileAccess.ReadWrite : FileAccess.Read, Share = share, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new FileStream(path, options);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new SavepointException(ErrorCode.NotTracked, $"The workspace is not tracked any more: its store {Path.GetDirectoryName(path)} is gone.", "Run 'savepoint init' to start anew.", e);
        }
        catch (IOException e) when (StoreFileErrors.IsHeld(e))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFileErrors.Translate($"The store's lock {path} cannot be opened", e);
        }
    }
}
