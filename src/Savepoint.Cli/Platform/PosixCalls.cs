using System.Runtime.InteropServices;

namespace Savepoint.Cli.Platform;

/// <summary>The two questions to the system that .NET answers more slowly, or not for names that are not UTF-8.</summary>
internal static unsafe partial class PosixCalls
{
    /// <summary>Whether a standard stream (1 or 2) is a terminal.</summary>
    public static bool IsTerminal(int descriptor) => OperatingSystem.IsWindows()
        ? !(descriptor == 1 ? Console.IsOutputRedirected : Console.IsErrorRedirected)
        : IsATerminal(descriptor) == 1;

    /// <summary>The path with every link resolved; null if it does not exist. Not for Windows.</summary>
    public static byte[]? RealPath(ReadOnlySpan<byte> path)
    {
        var terminated = new byte[path.Length + 1];
        path.CopyTo(terminated);
        fixed (byte* text = terminated)
        {
            var resolved = ResolvePath(text, null);
            if (resolved is null)
            {
                return null;
            }

            var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(resolved).ToArray();
            NativeMemory.Free(resolved);
            return bytes;
        }
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "realpath")]
    private static partial byte* ResolvePath(byte* path, byte* resolved);
}
