using System.Runtime.InteropServices;
using System.Text;

namespace Savepoint.Cli.Platform;

/// <summary>Questions to the system that .NET answers more slowly, not at all, or not for names that are not UTF-8.</summary>
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

    /// <summary>The current directory's path; null if it is gone. .NET has it as text, which loses names that are not UTF-8.</summary>
    public static byte[]? CurrentDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            return Encoding.UTF8.GetBytes(Environment.CurrentDirectory);
        }

        var path = GetCurrentDirectory(null, 0);
        if (path is null)
        {
            return null;
        }

        var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(path).ToArray();
        NativeMemory.Free(path);
        return bytes is [(byte)'/', ..] ? bytes : null; // "(unreachable)/…" where it was unmounted (getcwd(3))
    }

    /// <summary>A directory by the name that it has without links; as it is, made absolute, where it does not exist.</summary>
    public static string WithoutLinks(string directory) =>
        !OperatingSystem.IsWindows() && RealPath(Encoding.UTF8.GetBytes(directory)) is { } real ? Encoding.UTF8.GetString(real) : Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    /// <summary>
    /// Whether a signal is ignored, as <c>nohup</c> and a shell's <c>&amp;</c> hand it down: then it is to stay so, for us and
    /// for what we start. Not for Windows.
    /// </summary>
    public static bool IsIgnored(int signal)
    {
        var action = stackalloc byte[256]; // struct sigaction, 152 bytes of glibc; the handler comes first everywhere
        return SignalAction(signal, null, action) == 0 && *(nint*)action == 1; // SIG_IGN
    }

    /// <summary>
    /// Whether the terminal sends its keys' signals (Ctrl-C, Ctrl-\) to our process group, so that what we started has
    /// them too.
    /// </summary>
    public static bool IsInForeground()
    {
        var terminal = Open("/dev/tty", 0);
        if (terminal < 0)
        {
            return false;
        }

        var isOurs = ForegroundGroup(terminal) == OwnGroup();
        _ = Close(terminal);
        return isOurs;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SignalAction(int signal, byte* action, byte* current);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int ForegroundGroup(int terminal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "getcwd")]
    private static partial byte* GetCurrentDirectory(byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "realpath")]
    private static partial byte* ResolvePath(byte* path, byte* resolved);
}
