using System.Runtime.InteropServices;

namespace Savepoint.Cli.Platform;

/// <summary>
/// Sees to it that the first three descriptors are taken. Whoever starts us with one of them closed (<c>>&amp;-</c>) would have the next file that
/// we open get its number: a message would be written into a file of the workspace, or an event read from one.
/// </summary>
internal static partial class StandardDescriptors
{
    private const int GetFlags = 1; // F_GETFD
    private const int ReadWrite = 2; // O_RDWR
    private const int Count = 3;

    /// <summary>To be called before anything is opened.</summary>
    public static void Fill()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (var descriptor = 0; descriptor < Count; descriptor++)
        {
            if (Control(descriptor, GetFlags) < 0)
            {
                _ = Open("/dev/null", ReadWrite); // the lowest that is free, and so this one
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
