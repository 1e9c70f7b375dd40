using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) as errors that say what to do next.</summary>
internal static class StorageErrors
{
    private const int ShortRead = 522; // SQLITE_IOERR_SHORT_READ: the file ends before its last page
    private const int BadData = 8202; // SQLITE_IOERR_DATA
    private const int CorruptFileSystem = 8458; // SQLITE_IOERR_CORRUPTFS
    private const int ShmSize = 4874; // SQLITE_IOERR_SHMSIZE: the shared memory file could not grow

    /// <summary>The error for a result code.</summary>
    /// <param name="code">The extended result code; its low byte is the primary one.</param>
    /// <param name="message">SQLite's own words.</param>
    /// <param name="path">The database.</param>
    /// <param name="errno">What the system said to SQLite last; 0 if nothing.</param>
    public static SavepointException Translate(int code, string message, string path, int errno = 0) => (code & 0xff, code) switch
    {
        (3 or 8 or 10 or 14 or 23, _) when StoreFileErrors.Explain(errno) is { } why && code != ShmSize => new(why.Code, $"The store {path} failed: {message}.", why.Hint),
        (13, _) or (_, ShmSize) => new(ErrorCode.DiskFull, $"There is no room left for the store {path}. Nothing was recorded.", "Free some disk space and repeat the command; 'savepoint stores' lists what the stores take."),
        (11 or 26, _) or (_, ShortRead or BadData or CorruptFileSystem) => new(ErrorCode.Damaged, $"The store {path} is damaged: {message}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it."),
        (5 or 6, _) => new(ErrorCode.Busy, $"Another process kept the store {path} busy for too long.", "Repeat the command; 'savepoint doctor' shows who uses the store."),
        (3 or 8 or 14 or 23, _) => new(ErrorCode.PermissionDenied, $"The store {path} cannot be opened for writing: {message}.", "Check the permissions of its folder, and whether its file system is mounted read-only, or name another with SAVEPOINT_HOME or 'init --store'."),
        _ => new(ErrorCode.Environment, $"The store {path} failed: {message}.", "Run 'savepoint doctor'."),
    };
}
