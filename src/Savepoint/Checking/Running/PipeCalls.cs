using System.Runtime.InteropServices;

namespace Savepoint.Checking.Running;

/// <summary>Waiting for several pipes at once, which .NET's streams cannot. Not for Windows.</summary>
internal static unsafe partial class PipeCalls
{
    private const short Readable = 1; // POLLIN
    private const int Interrupted = 4; // EINTR

    /// <summary>Waits until one of the descriptors can be read or has ended.</summary>
    /// <param name="descriptors">Those to wait for; −1 is passed over.</param>
    /// <param name="ready">For each, whether a read returns at once.</param>
    /// <param name="limit">How long to wait; infinite for as long as it takes.</param>
    public static void Wait(ReadOnlySpan<int> descriptors, Span<bool> ready, TimeSpan limit)
    {
        var polled = stackalloc PollEntry[descriptors.Length];
        for (var i = 0; i < descriptors.Length; i++)
        {
            polled[i] = new PollEntry { Descriptor = descriptors[i], Events = Readable };
        }

        var milliseconds = limit == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(Math.Ceiling(limit.TotalMilliseconds), 0, int.MaxValue);
        var count = Poll(polled, (nuint)descriptors.Length, milliseconds);
        for (var i = 0; i < descriptors.Length; i++)
        {
            ready[i] = count > 0 && polled[i].Returned != 0;
        }
    }

    /// <summary>Reads what is there. 0 at the end.</summary>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = ReadCall(descriptor, start, (nuint)buffer.Length);
                if (count >= 0 || Marshal.GetLastPInvokeError() != Interrupted)
                {
                    return (int)Math.Max(0, count);
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadCall(int descriptor, byte* buffer, nuint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
