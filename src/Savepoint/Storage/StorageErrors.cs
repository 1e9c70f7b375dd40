using Microsoft.Data.Sqlite;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) as errors that say what to do next.</summary>
internal static class StorageErrors
{
    public static SavepointException Translate(SqliteException e, string path) => (e.SqliteErrorCode, e.SqliteExtendedErrorCode) switch
    {
        (13, _) or (_, 4874) => new(ErrorCode.DiskFull, $"There is no room left for the store {path}. Nothing was recorded.", "Free some disk space and repeat the command; 'savepoint stores' lists what the stores take.", e),
        (11 or 26, _) => new(ErrorCode.Damaged, $"The store {path} is damaged: {e.Message}", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.", e),
        (5 or 6, _) => new(ErrorCode.Busy, $"Another process kept the store {path} busy for too long.", "Repeat the command; 'savepoint doctor' shows who uses the store.", e),
        (3 or 8 or 14 or 23, _) => new(ErrorCode.PermissionDenied, $"The store {path} cannot be opened for writing.", "Check the permissions of its folder, or name another with SAVEPOINT_HOME or 'init --store'.", e),
        _ => new(ErrorCode.Environment, $"The store {path} failed: {e.Message}", "Run 'savepoint doctor'.", e),
    };
}
