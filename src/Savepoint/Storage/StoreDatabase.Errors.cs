using System.Runtime.InteropServices;
using Savepoint.Model;
using SQLitePCL;

namespace Savepoint.Storage;

/// <content>What a failed call of SQLite is told as.</content>
internal sealed partial class StoreDatabase
{
    /// <summary>Throws unless <paramref name="code"/> is SQLITE_OK.</summary>
    internal void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    /// <summary>The error for a call that just failed with <paramref name="code"/>.</summary>
    internal SavepointException Failure(int code)
    {
        // SQLite reports a page that the disk could not read as damage of the file (IOERR_CORRUPTFS, made CORRUPT); what the
        // system said is still there, and tells the two apart.
        if ((code & 0xff) == raw.SQLITE_CORRUPT && Marshal.GetLastSystemError() == StoreFileErrors.InputOutput)
        {
            return StorageErrors.Translate(raw.SQLITE_IOERR, "the disk could not be read", Path, StoreFileErrors.InputOutput);
        }

        var extended = raw.sqlite3_extended_errcode(_connection);
        var errno = SystemErrno(_connection.DangerousGetHandle());
        return StorageErrors.Translate((extended & 0xff) == (code & 0xff) ? extended : code, raw.sqlite3_errmsg(_connection).utf8_to_string(), Path, errno);
    }

    /// <summary>What the system said to SQLite last on a connection; SQLitePCLRaw has no name for it.</summary>
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_system_errno")]
    private static partial int SystemErrno(nint connection);
}
