using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>Makes a rename in a folder outlast a power loss (fsync of the folder). .NET opens no directory.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0; // O_RDONLY

    /// <exception cref="SavepointException">The system cannot promise it.</exception>
    public static void Sync(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals its names, and a directory cannot be flushed
        }

        var descriptor = Open(directory, ReadOnly);
        var isSynced = descriptor >= 0 && Sync(descriptor) == 0;
        var error = Marshal.GetLastPInvokeErrorMessage();
        if (descriptor >= 0)
        {
            _ = Close(descriptor);
        }

        if (!isSynced)
        {
            throw new SavepointException(ErrorCode.Environment, $"The folder {directory} cannot be synced to the disk: {error}.", "Run 'savepoint doctor'.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
