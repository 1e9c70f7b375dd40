using System.Runtime.InteropServices;

namespace Savepoint.Workspaces.Linux;

/// <content>The calls that change something. They are few a file, so a name's copy may be an allocation.</content>
internal static unsafe partial class LinuxCalls
{
    public const int RemoveDirectory = 0x200; // AT_REMOVEDIR

    private const int RenameNoReplace = 1; // RENAME_NOREPLACE
    private const int RenameExchange = 2; // RENAME_EXCHANGE

    private static readonly nint RenameAt2Number = IsArm64 ? 276 : 316;

    public static int Rename(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        fixed (byte* fromName = Terminate(from, new byte[from.Length + 1]), toName = Terminate(to, new byte[to.Length + 1]))
        {
            int result;
            while (!IsDone(RenameCall(fromDirectory, fromName, toDirectory, toName), out result))
            {
            }

            return result;
        }
    }

    /// <summary>As <see cref="Rename"/>, but EEXIST if the new name is taken.</summary>
    public static int RenameNew(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to) =>
        RenameAt2(fromDirectory, from, toDirectory, to, RenameNoReplace);

    /// <summary>Swaps two entries in one step; ENOENT if one is not there.</summary>
    public static int Exchange(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to) =>
        RenameAt2(fromDirectory, from, toDirectory, to, RenameExchange);

    private static int RenameAt2(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to, int flags)
    {
        fixed (byte* fromName = Terminate(from, new byte[from.Length + 1]), toName = Terminate(to, new byte[to.Length + 1]))
        {
            int result;
            while (!IsDone(SystemCall(RenameAt2Number, fromDirectory, (nint)fromName, toDirectory, (nint)toName, flags), out result))
            {
            }

            return result;
        }
    }

    /// <summary>Gives an entry, a link too, a second name; EEXIST if that is taken.</summary>
    public static int Link(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        fixed (byte* fromName = Terminate(from, new byte[from.Length + 1]), toName = Terminate(to, new byte[to.Length + 1]))
        {
            int result;
            while (!IsDone(LinkCall(fromDirectory, fromName, toDirectory, toName, 0), out result))
            {
            }

            return result;
        }
    }

    public static int Unlink(int directory, ReadOnlySpan<byte> entry, int flags)
    {
        fixed (byte* name = Terminate(entry, new byte[entry.Length + 1]))
        {
            int result;
            while (!IsDone(UnlinkCall(directory, name, flags), out result))
            {
            }

            return result;
        }
    }

    public static int MakeDirectory(int directory, ReadOnlySpan<byte> entry, int mode)
    {
        fixed (byte* name = Terminate(entry, new byte[entry.Length + 1]))
        {
            int result;
            while (!IsDone(MakeDirectoryCall(directory, name, (uint)mode), out result))
            {
            }

            return result;
        }
    }

    public static int MakeSymlink(ReadOnlySpan<byte> target, int directory, ReadOnlySpan<byte> entry)
    {
        fixed (byte* text = Terminate(target, new byte[target.Length + 1]), name = Terminate(entry, new byte[entry.Length + 1]))
        {
            int result;
            while (!IsDone(MakeSymlinkCall(text, directory, name), out result))
            {
            }

            return result;
        }
    }

    /// <summary>Follows links, so only for <see cref="ProcPath"/>, which leads to an open descriptor.</summary>
    public static int SetMode(ReadOnlySpan<byte> terminatedPath, int mode)
    {
        fixed (byte* path = terminatedPath)
        {
            int result;
            while (!IsDone(ChangeModeCall(path, (uint)mode), out result))
            {
            }

            return result;
        }
    }

    public static int SetOwner(int descriptor, uint uid, uint gid)
    {
        byte none = 0;
        int result;
        while (!IsDone(ChangeOwnerCall(descriptor, &none, uid, gid, EmptyPath), out result))
        {
        }

        return result;
    }

    public static int Sync(int descriptor)
    {
        int result;
        while (!IsDone(SyncCall(descriptor), out result))
        {
        }

        return result;
    }

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameCall(int fromDirectory, byte* from, int toDirectory, byte* to);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    private static partial int LinkCall(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkCall(int directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeDirectoryCall(int directory, byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int MakeSymlinkCall(byte* target, int directory, byte* path);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    private static partial int ChangeModeCall(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int ChangeOwnerCall(int directory, byte* path, uint uid, uint gid, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncCall(int descriptor);
}
