using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// The system calls that the Linux tree is made of, with byte names. Each returns what the kernel does: a result that is
/// not negative, or the negated errno. A call that a signal interrupted is repeated. 64-bit Linux only.
/// </summary>
internal static unsafe partial class LinuxCalls
{
    public const int NoFollowSymlink = 0x100; // AT_SYMLINK_NOFOLLOW
    public const int EmptyPath = 0x1000; // AT_EMPTY_PATH

    private const int NoAutomount = 0x800; // AT_NO_AUTOMOUNT
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const nint OpenAt2Number = 437;

    // RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS of linux/openat2.h.
    private const ulong ResolveInside = 0x08 | 0x04 | 0x02;

    // Names of up to this length are terminated on the stack; nearly all paths are shorter.
    private const int StackBytes = 512;

    private static readonly nint GetDents64Number = IsArm64 ? 61 : 217;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Opens a path below <paramref name="directory"/>; a link anywhere in it is ELOOP, unless last and PathOnly.</summary>
    [SkipLocalsInit]
    public static int OpenInside(int directory, ReadOnlySpan<byte> path, int flags, int mode = 0)
    {
        // RESOLVE_NO_SYMLINKS refuses a last link too. O_NOFOLLOW exempts it for PathOnly, which is right unless a
        // directory is wanted: then the answer would be ENOTDIR, which hides that it was a link.
        var noFollow = (flags & OpenFlags.Directory) == 0 ? OpenFlags.NoFollow : 0;
        var how = new OpenHow { Flags = (uint)(flags | OpenFlags.CloseOnExec | noFollow), Mode = (uint)mode, Resolve = ResolveInside };
        fixed (byte* name = Terminate(path, path.Length < StackBytes ? stackalloc byte[StackBytes] : new byte[path.Length + 1]))
        {
            int result;
            while (!IsDone(SystemCall(OpenAt2Number, directory, (nint)name, (nint)(&how), sizeof(OpenHow)), out result))
            {
            }

            return result;
        }
    }

    /// <summary>Opens one entry of <paramref name="directory"/>, no link followed.</summary>
    [SkipLocalsInit]
    public static int OpenAt(int directory, ReadOnlySpan<byte> entry, int flags, int mode = 0)
    {
        fixed (byte* name = Terminate(entry, entry.Length < StackBytes ? stackalloc byte[StackBytes] : new byte[entry.Length + 1]))
        {
            int result;
            while (!IsDone(OpenAtCall(directory, name, flags | OpenFlags.CloseOnExec | OpenFlags.NoFollow, (uint)mode), out result))
            {
            }

            return result;
        }
    }

    /// <summary>Opens an absolute path, no link followed in its last segment.</summary>
    public static int Open(ReadOnlySpan<byte> absolutePath, int flags) => OpenAt(CurrentDirectory, absolutePath, flags);

    public static void Close(int descriptor) => _ = CloseCall(descriptor);

    /// <summary>What an open descriptor refers to.</summary>
    public static int StatDescriptor(int descriptor, out Statx stat, uint mask = Statx.BasicMask)
    {
        byte none = 0;
        return StatAt(descriptor, &none, EmptyPath, mask, out stat);
    }

    /// <summary>The entry of a directory, no link followed.</summary>
    [SkipLocalsInit]
    public static int StatAt(int directory, ReadOnlySpan<byte> entry, out Statx stat)
    {
        fixed (byte* name = Terminate(entry, entry.Length < StackBytes ? stackalloc byte[StackBytes] : new byte[entry.Length + 1]))
        {
            return StatAt(directory, name, NoFollowSymlink, Statx.BasicMask, out stat);
        }
    }

    /// <summary>As above, for a name that ends with a NUL.</summary>
    [SkipLocalsInit]
    public static int StatAt(int directory, byte* entry, int flags, uint mask, out Statx stat)
    {
        int result;
        fixed (Statx* buffer = &stat)
        {
            while (!IsDone(StatxCall(directory, entry, flags | NoAutomount, mask, buffer), out result))
            {
            }
        }

        return result;
    }

    /// <summary>Fills <paramref name="buffer"/> with <c>linux_dirent64</c> records; 0 at the end.</summary>
    public static int ReadDirectory(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            int result;
            while (!IsDone(SystemCall(GetDents64Number, descriptor, (nint)start, buffer.Length, 0), out result))
            {
            }

            return result;
        }
    }

    public static int Read(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            int result;
            while (!IsDone(ReadCall(descriptor, start, (nuint)buffer.Length, offset), out result))
            {
            }

            return result;
        }
    }

    /// <summary>The target of the link that a PathOnly descriptor refers to; as much as fits.</summary>
    public static int ReadLink(int link, Span<byte> buffer)
    {
        byte none = 0;
        fixed (byte* start = buffer)
        {
            int result;
            while (!IsDone(ReadLinkCall(link, &none, start, (nuint)buffer.Length), out result))
            {
            }

            return result;
        }
    }

    /// <summary>The path free of links, without its NUL; the empty span and an errno if it cannot be had.</summary>
    public static ReadOnlySpan<byte> RealPath(ReadOnlySpan<byte> path, out int errno)
    {
        var resolved = new byte[4097]; // PATH_MAX, which realpath(3) asks for
        fixed (byte* from = Terminate(path, new byte[path.Length + 1]), to = resolved)
        {
            errno = RealPathCall(from, to) is null ? Marshal.GetLastPInvokeError() : 0;
        }

        return errno == 0 ? resolved.AsSpan(0, resolved.AsSpan().IndexOf((byte)0)) : default;
    }

    /// <summary>
    /// A path, with its NUL, that leads to what a descriptor refers to, even if that cannot be opened: chmod(2) and the
    /// attribute calls take no PathOnly descriptor.
    /// </summary>
    public static byte[] ProcPath(int descriptor) => System.Text.Encoding.ASCII.GetBytes($"/proc/self/fd/{descriptor}\0");

    private static Span<byte> Terminate(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        return buffer;
    }

    // False if a signal interrupted the call, which is then to be made again.
    private static bool IsDone(nint result, out int outcome)
    {
        outcome = result < 0 ? -Marshal.GetLastPInvokeError() : (int)result;
        return outcome != -TreeErrors.Interrupted;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth = 0);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtCall(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseCall(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatxCall(int directory, byte* path, int flags, uint mask, Statx* buffer);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadCall(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkCall(int directory, byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true)]
    private static partial byte* RealPathCall(byte* path, byte* resolved);

    /// <summary>The kernel's <c>struct open_how</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
