using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Savepoint.Cli.Platform;

/// <summary>
/// Files by byte names that end with a NUL, since .NET's own calls cannot reach a name that is not UTF-8. 64-bit Linux
/// only. Failures are <see cref="IOException"/>s with the system's words.
/// </summary>
internal static unsafe partial class LinuxFiles
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint ModeMask = 0x3; // STATX_TYPE | STATX_MODE
    private const int StatxBytes = 256;
    private const int StatxModeOffset = 28;
    private const int NameOffset = 19; // of struct dirent (readdir(3)), 64-bit
    private const int MaxLinkBytes = 4096; // PATH_MAX

    private const int WriteNew = 0x1 | 0x40 | 0x200; // O_WRONLY | O_CREAT | O_TRUNC
    private const int ReadWithoutWaiting = 0x800; // O_RDONLY | O_NONBLOCK: a file may have become a pipe meanwhile
    private const int CloseOnExec = 0x80000;
    private const uint PrivateFile = 0b110_000_000;
    private const uint PrivateDirectory = 0b111_000_000;

    /// <summary>The <c>st_mode</c> of an entry, type and permission bits; null if it is absent.</summary>
    public static int? Mode(byte[] path)
    {
        var stat = stackalloc byte[StatxBytes];
        return StatxCall(CurrentDirectory, path, NoFollow, ModeMask, stat) == 0 ? *(ushort*)(stat + StatxModeOffset) : null;
    }

    /// <summary>The names in a directory; none if it cannot be read.</summary>
    public static List<byte[]> List(byte[] path)
    {
        var names = new List<byte[]>();
        var directory = OpenDirectoryCall(path);
        if (directory == 0)
        {
            return names;
        }

        for (var entry = ReadDirectoryCall(directory); entry is not null; entry = ReadDirectoryCall(directory))
        {
            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset);
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add(name.ToArray());
            }
        }

        _ = CloseDirectoryCall(directory);
        return names;
    }

    public static FileStream OpenRead(byte[] path) => Open(path, ReadWithoutWaiting, FileAccess.Read);

    /// <summary>Opens a file to write, new and private, or emptied.</summary>
    public static FileStream Create(byte[] path) => Open(path, WriteNew, FileAccess.Write);

    public static byte[] ReadLink(byte[] path)
    {
        var target = new byte[MaxLinkBytes];
        var length = ReadLinkCall(path, target, MaxLinkBytes);
        return target[..Check((int)length)];
    }

    public static void MakeLink(byte[] path, byte[] target) => Check(MakeLinkCall(target, path));

    public static void MakeDirectory(byte[] path) => Check(MakeDirectoryCall(path, PrivateDirectory));

    public static void SetMode(byte[] path, int mode) => Check(SetModeCall(path, (uint)mode));

    public static void Move(byte[] from, byte[] to) => Check(MoveCall(from, to));

    public static void DeleteFile(byte[] path) => Check(DeleteFileCall(path));

    public static void RemoveDirectory(byte[] path) => Check(RemoveDirectoryCall(path));

    private static FileStream Open(byte[] path, int flags, FileAccess access) =>
        new(new SafeFileHandle(Check(OpenCall(path, flags | CloseOnExec, PrivateFile)), ownsHandle: true), access);

    private static int Check(int result) => result >= 0 ? result : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatxCall(int directory, byte[] path, int flags, uint mask, byte* stat);

    [LibraryImport("libc", EntryPoint = "opendir")]
    private static partial nint OpenDirectoryCall(byte[] path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial byte* ReadDirectoryCall(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseDirectoryCall(nint directory);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenCall(byte[] path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLinkCall(byte[] path, byte[] target, nuint size);

    [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true)]
    private static partial int MakeLinkCall(byte[] target, byte[] path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeDirectoryCall(byte[] path, uint mode);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    private static partial int SetModeCall(byte[] path, uint mode);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true)]
    private static partial int MoveCall(byte[] from, byte[] to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true)]
    private static partial int DeleteFileCall(byte[] path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true)]
    private static partial int RemoveDirectoryCall(byte[] path);
}
