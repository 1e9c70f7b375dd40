using System.Runtime.InteropServices;

namespace Savepoint.Maintenance;

/// <summary>The memory of the C library, in which SQLite and zstd live: what they freed is the process's until it is asked to give it back.</summary>
internal static partial class NativeHeap
{
    /// <summary>Gives free pages back to the system. Some milliseconds; nothing where the C library is another than glibc.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = TrimMalloc(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such call, and keeps little.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimMalloc(nuint keepBytes);
}
