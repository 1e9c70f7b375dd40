using System.Runtime.InteropServices;

namespace Savepoint.Workspaces.Linux;

/// <content>The calls that copy a file with what its stat says.</content>
internal static unsafe partial class LinuxCalls
{
    private const nuint CloneRequest = 0x40049409; // FICLONE of linux/fs.h
    private const int SeekData = 3; // SEEK_DATA
    private const int SeekHole = 4; // SEEK_HOLE
    private const long OmitTime = 0x3ffffffe; // UTIME_OMIT
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly nint CopyFileRangeNumber = IsArm64 ? 285 : 326;

    /// <summary>Has a new file share the blocks of another; EOPNOTSUPP, EXDEV or EINVAL where the file system cannot.</summary>
    public static int Clone(int from, int to)
    {
        int result;
        while (!IsDone(ControlCall(to, CloneRequest, from), out result))
        {
        }

        return result;
    }

    /// <summary>Copies a stretch between two files inside the kernel; how much was copied, 0 at the end.</summary>
    public static long CopyRange(int from, int to, long offset, long length)
    {
        var (input, output) = (offset, offset);
        var result = SystemCall6(CopyFileRangeNumber, from, (nint)(&input), to, (nint)(&output), (nint)Math.Min(length, int.MaxValue), 0);
        return result >= 0 ? result : -Marshal.GetLastPInvokeError();
    }

    public static int Write(int descriptor, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            int result;
            while (!IsDone(WriteCall(descriptor, start, (nuint)bytes.Length, offset), out result))
            {
            }

            return result;
        }
    }

    /// <summary>Where the next stretch with data begins, and where it ends; (−errno, 0) if there is none, ENXIO, or they cannot be told.</summary>
    public static (long Start, long End) NextData(int descriptor, long offset)
    {
        var start = SeekCall(descriptor, offset, SeekData);
        if (start < 0)
        {
            return (-Marshal.GetLastPInvokeError(), 0);
        }

        return (start, SeekCall(descriptor, start, SeekHole));
    }

    public static int SetLength(int descriptor, long length) => ToResult(TruncateCall(descriptor, length));

    public static int SetModeOf(int descriptor, int mode) => ToResult(ChangeDescriptorModeCall(descriptor, (uint)mode));

    /// <summary>Sets the time of the last write, of an open file.</summary>
    public static int SetModified(int descriptor, long modifiedNs)
    {
        var times = Times(modifiedNs);
        return ToResult(SetTimesCall(descriptor, (long*)&times));
    }

    /// <summary>As above, of an entry, no link followed.</summary>
    public static int SetModified(int directory, ReadOnlySpan<byte> entry, long modifiedNs)
    {
        var times = Times(modifiedNs);
        fixed (byte* name = Terminate(entry, new byte[entry.Length + 1]))
        {
            return ToResult(SetTimesAtCall(directory, name, (long*)&times, NoFollowSymlink));
        }
    }

    /// <summary>As <see cref="SetOwner(int, uint, uint)"/>, of an entry, no link followed.</summary>
    public static int SetOwner(int directory, ReadOnlySpan<byte> entry, uint uid, uint gid)
    {
        fixed (byte* name = Terminate(entry, new byte[entry.Length + 1]))
        {
            return ToResult(ChangeOwnerCall(directory, name, uid, gid, NoFollowSymlink));
        }
    }

    /// <summary>The target of a link by its name; as much as fits.</summary>
    public static int ReadLink(int directory, ReadOnlySpan<byte> entry, Span<byte> buffer)
    {
        fixed (byte* name = Terminate(entry, new byte[entry.Length + 1]), start = buffer)
        {
            return ToResult(ReadLinkCall(directory, name, start, (nuint)buffer.Length));
        }
    }

    public static uint UserId() => UserIdCall();

    public static uint GroupId() => GroupIdCall();

    // Times before 1970 have a negative number of seconds and a positive fraction.
    private static FileTimes Times(long modifiedNs)
    {
        var seconds = Math.DivRem(modifiedNs, NanosecondsPerSecond, out var fraction);
        return fraction < 0
            ? new FileTimes { AccessFraction = OmitTime, ModifiedSeconds = seconds - 1, ModifiedFraction = fraction + NanosecondsPerSecond }
            : new FileTimes { AccessFraction = OmitTime, ModifiedSeconds = seconds, ModifiedFraction = fraction };
    }

    private static int ToResult(nint result) => result < 0 ? -Marshal.GetLastPInvokeError() : (int)result;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserIdCall();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GroupIdCall();

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlCall(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall6(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteCall(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long SeekCall(int descriptor, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int TruncateCall(int descriptor, long length);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeDescriptorModeCall(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int SetTimesCall(int descriptor, long* times);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static partial int SetTimesAtCall(int directory, byte* path, long* times, int flags);

    /// <summary>Two of the kernel's <c>struct timespec</c>: access, then modification.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileTimes
    {
        public long AccessSeconds;
        public long AccessFraction;
        public long ModifiedSeconds;
        public long ModifiedFraction;
    }
}
