using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Savepoint.Workspaces.Linux;

/// <content>The calls around a child process.</content>
internal static unsafe partial class LinuxCalls
{
    private const int KillSignal = 9;
    private const int ByProcess = 1; // P_PID
    private const int Exited = 4; // WEXITED
    private const int LeaveWaiting = 0x01000000; // WNOWAIT
    private const int CloseOnExecute = 0x80000; // O_CLOEXEC
    private const int InformationBytes = 1024;
    private const nint OpenProcessNumber = 434; // pidfd_open

    /// <summary>A pipe whose ends close when another program is executed.</summary>
    public static int Pipe(out int read, out int write)
    {
        var ends = stackalloc int[2];
        var result = ToResult(PipeCall(ends, CloseOnExecute));
        (read, write) = (ends[0], ends[1]);
        return result;
    }

    /// <summary>All that comes out of a pipe until it is closed; null if that takes longer.</summary>
    public static byte[]? ReadAll(int pipe, int maxBytes, TimeSpan limit)
    {
        var (buffer, filled, started) = (new byte[maxBytes], 0, Stopwatch.GetTimestamp());
        while (filled < maxBytes)
        {
            var left = limit - Stopwatch.GetElapsedTime(started);
            var entry = new PollEntry { Descriptor = pipe, Events = Readable };
            var ready = left > TimeSpan.Zero ? ToResult(PollCall(&entry, 1, (int)left.TotalMilliseconds + 1)) : 0;
            if (ready == 0)
            {
                return null;
            }

            if (ready < 0)
            {
                continue; // a signal
            }

            var read = Read(pipe, buffer.AsSpan(filled));
            if (read <= 0)
            {
                break;
            }

            filled += read;
        }

        return buffer[..filled];
    }

    public static void Kill(int process) => _ = KillCall(process, KillSignal);

    public static void SendSignal(int process, int signal) => _ = KillCall(process, signal);

    /// <summary>Returns when a child has ended; its number stays its own until <see cref="Reap"/>.</summary>
    public static void AwaitEnd(int process)
    {
        var information = stackalloc byte[InformationBytes];
        while (WaitCall(ByProcess, process, information, Exited | LeaveWaiting) < 0 && Marshal.GetLastPInvokeError() == TreeErrors.Interrupted)
        {
        }
    }

    /// <summary>Returns when a process has ended, or the time is up; it need not be a child.</summary>
    public static void AwaitEndOf(int process, TimeSpan limit)
    {
        using var handle = new Descriptor(ToResult(SystemCall(OpenProcessNumber, process, 0, 0, 0)));
        if (handle.IsOpen)
        {
            var entry = new PollEntry { Descriptor = handle.Number, Events = Readable };
            while (!IsDone(PollCall(&entry, 1, (int)limit.TotalMilliseconds), out _))
            {
            }
        }
    }

    /// <summary>How an ended child ended: its exit code, or 128 and the number of the signal that killed it.</summary>
    public static int Reap(int process)
    {
        int status = 0;
        while (WaitProcessCall(process, &status, 0) < 0 && Marshal.GetLastPInvokeError() == TreeErrors.Interrupted)
        {
        }

        var signal = status & 0x7f; // WTERMSIG
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    /// <summary>Our environment as it came, byte for byte: .NET's view of it holds text.</summary>
    public static IReadOnlyList<byte[]> Environment()
    {
        var entries = new List<byte[]>();
        var library = NativeLibrary.Load("libc", typeof(LinuxCalls).Assembly, null);
        for (var entry = *(byte***)NativeLibrary.GetExport(library, "environ"); entry is not null && *entry is not null; entry++)
        {
            entries.Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry).ToArray());
        }

        return entries;
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int PipeCall(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCall(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitCall(int idType, int id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitProcessCall(int process, int* status, int options);
}
