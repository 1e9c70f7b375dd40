using System.Runtime.InteropServices;

namespace Savepoint.Workspaces.Linux;

/// <content>The calls of inotify(7), and those that wait for it.</content>
internal static unsafe partial class LinuxCalls
{
    private const short Readable = 1; // POLLIN

    /// <summary>An inotify instance whose reads do not wait.</summary>
    public static int InitWatching()
    {
        IsDone(InotifyInitCall(OpenFlags.NonBlocking | OpenFlags.CloseOnExec), out var result);
        return result;
    }

    /// <summary>Watches the directory that a descriptor refers to; the number of the watch.</summary>
    public static int AddWatch(int inotify, int directory, uint mask)
    {
        fixed (byte* path = ProcPath(directory))
        {
            int result;
            while (!IsDone(InotifyAddCall(inotify, path, mask), out result))
            {
            }

            return result;
        }
    }

    public static void RemoveWatch(int inotify, int watch) => _ = InotifyRemoveCall(inotify, watch);

    /// <summary>A descriptor that becomes readable when <see cref="Signal"/> is called on it.</summary>
    public static int InitSignal()
    {
        IsDone(EventCall(0, OpenFlags.NonBlocking | OpenFlags.CloseOnExec), out var result);
        return result;
    }

    public static void Signal(int descriptor)
    {
        ulong one = 1;
        _ = WriteCall(descriptor, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Waits until one of the two can be read.</summary>
    public static void AwaitReadable(int first, int second)
    {
        var polled = stackalloc PollEntry[] { new() { Descriptor = first, Events = Readable }, new() { Descriptor = second, Events = Readable } };
        while (!IsDone(PollCall(polled, 2, -1), out _))
        {
        }
    }

    /// <summary>Reads what is there of a stream.</summary>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            int result;
            while (!IsDone(ReadStreamCall(descriptor, start, (nuint)buffer.Length), out result))
            {
            }

            return result;
        }
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInitCall(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true)]
    private static partial int InotifyAddCall(int inotify, byte* path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch")]
    private static partial int InotifyRemoveCall(int inotify, int watch);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventCall(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCall(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadStreamCall(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteCall(int descriptor, byte* buffer, nuint count);

    /// <summary>The C library's <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
