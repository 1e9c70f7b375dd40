using System.Text;
using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// The tree by Linux system calls with byte names. Every call opens the entry, or its parent, through
/// <see cref="RootDirectory"/>, and works on the descriptor: what is checked is what is used. Nothing is cached between
/// calls, for a directory that was renamed away would still answer.
/// </summary>
internal sealed class LinuxTree : WorkspaceTree
{
    private const int ReadAttemptCount = 3;
    private const int ModeOfNewFile = 0x180; // 0600
    private const int ModeOfNewDirectory = 0x1C0; // 0700, until it gets its own

    private readonly RootDirectory _root;

    private LinuxTree(string root, RootDirectory directory)
        : base(root) => _root = directory;

    /// <inheritdoc cref="WorkspaceTree.Open"/>
    /// <param name="root">The directory.</param>
    /// <param name="allowOpenAt2">False to do without openat2, as on a system that lacks it.</param>
    public static LinuxTree Open(string root, bool allowOpenAt2 = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var canonical = LinuxCalls.RealPath(Encoding.UTF8.GetBytes(root), out var errno);
        var directory = errno == 0 ? RootDirectory.Open(canonical, allowOpenAt2, out errno) : null;
        return directory is null
            ? throw TreeErrors.FromErrno("open the workspace", PathQuoting.Quote(Encoding.UTF8.GetBytes(root)), errno)
            : new LinuxTree(Encoding.UTF8.GetString(canonical), directory);
    }

    public override RootIdentity Identify()
    {
        using var root = Require("stat", WorkspacePath.Root, OpenFlags.PathOnly);
        return IdentityOf(root);
    }

    public override bool IsAtRoot()
    {
        using var found = new Descriptor(LinuxCalls.Open(Encoding.UTF8.GetBytes(Root), OpenFlags.PathOnly | OpenFlags.Directory));
        return found.IsOpen && IdentityOf(found) == Identify();
    }

    public override EntryStat? Stat(WorkspacePath path)
    {
        using var entry = TryOpen("stat", path, OpenFlags.PathOnly);
        return entry.IsOpen ? StatOf(entry, path) : null;
    }

    public override DirectoryReader? TryOpenDirectory(WorkspacePath directory)
    {
        var entry = TryOpen("list", directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        return entry.IsOpen ? new LinuxDirectoryReader(entry.Number, directory) : null;
    }

    public override TreeFileStream? TryOpenRead(WorkspacePath path, out EntryStat stat)
    {
        stat = default;
        var file = TryOpen("read", path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (!file.IsOpen)
        {
            return null;
        }

        var handle = new SafeFileHandle(file.Number, ownsHandle: true);
        try
        {
            stat = StatOf(file, path);
        }
        catch (SavepointException)
        {
            handle.Dispose();
            throw;
        }

        if (stat.IsFile)
        {
            return new TreeFileStream(handle, path, isNew: false);
        }

        handle.Dispose();
        return null;
    }

    public override FileRead? TryReadAllBytes(WorkspacePath path, int maxLengthBytes)
    {
        using var file = TryOpen("read", path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (!file.IsOpen)
        {
            return null;
        }

        var before = StatOf(file, path);
        for (var attempt = 1; before.IsFile; attempt++)
        {
            if (before.SizeBytes > maxLengthBytes)
            {
                return new FileRead(null, before, IsTorn: false);
            }

            var bytes = ReadWhole(file, path, (int)before.SizeBytes);
            var after = StatOf(file, path);
            var isTorn = bytes.Length != before.SizeBytes || !after.IsSameContentAs(before);
            if (!isTorn || attempt == ReadAttemptCount)
            {
                return new FileRead(bytes, before, isTorn);
            }

            before = after;
        }

        return null;
    }

    public override byte[]? TryReadLink(WorkspacePath path)
    {
        using var link = TryOpen("read the link", path, OpenFlags.PathOnly);
        if (!link.IsOpen)
        {
            return null;
        }

        // One byte more than the longest target Linux makes, so that none is cut short unseen.
        Span<byte> buffer = stackalloc byte[WorkspacePath.MaxLengthBytes + 1];
        var length = LinuxCalls.ReadLink(link.Number, buffer);
        return length switch
        {
            >= 0 => buffer[..length].ToArray(),
            -TreeErrors.NoEntry or -TreeErrors.InvalidArgument => null, // it is no link
            _ => throw TreeErrors.FromErrno("read the link", path, -length),
        };
    }

    public override TreeFileStream CreateNew(WorkspacePath path)
    {
        CheckWritable("create", path);
        var number = _root.Open(path.Bytes, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, ModeOfNewFile);
        return number >= 0
            ? new TreeFileStream(new SafeFileHandle(number, ownsHandle: true), path, isNew: true)
            : throw TreeErrors.FromErrno("create", path, -number);
    }

    public override void Rename(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("rename", from);
        CheckWritable("replace", to);
        using var fromParent = RequireParent("rename", from);
        using var toParent = RequireParent("replace", to);
        Check("replace", to, LinuxCalls.Rename(fromParent.Number, from.Name, toParent.Number, to.Name));
    }

    public override void DeleteFile(WorkspacePath path)
    {
        CheckWritable("delete", path);
        Remove("delete", path, flags: 0);
    }

    public override bool RemoveDirectory(WorkspacePath path)
    {
        CheckWritable("remove the directory", path);
        return Remove("remove the directory", path, LinuxCalls.RemoveDirectory);
    }

    public override void MakeDirectory(WorkspacePath path, UnixMode mode)
    {
        CheckWritable("make the directory", path);
        using var parent = RequireParent("make the directory", path);
        Check("make the directory", path, LinuxCalls.MakeDirectory(parent.Number, path.Name, ModeOfNewDirectory));

        // The umask and a set-group-id parent have their say in mkdir, not in chmod.
        using var made = new Descriptor(LinuxCalls.OpenAt(parent.Number, path.Name, OpenFlags.PathOnly | OpenFlags.Directory));
        Check("make the directory", path, made.Number);
        Check("set the mode of", path, LinuxCalls.SetMode(LinuxCalls.ProcPath(made.Number), mode.Bits));
    }

    public override void SetMode(WorkspacePath path, UnixMode mode)
    {
        if (!path.IsRoot)
        {
            CheckWritable("set the mode of", path);
        }

        using var entry = Require("set the mode of", path, OpenFlags.PathOnly);
        if (StatOf(entry, path).Type == EntryType.Symlink)
        {
            throw TreeErrors.FromErrno("set the mode of", path, TreeErrors.TooManyLinks);
        }

        Check("set the mode of", path, LinuxCalls.SetMode(LinuxCalls.ProcPath(entry.Number), mode.Bits));
    }

    public override void MakeSymlink(WorkspacePath path, ReadOnlySpan<byte> target)
    {
        CheckWritable("make the link", path);
        if (target.IsEmpty || target.Contains((byte)0))
        {
            throw new ArgumentException("A link's target is neither empty nor has a NUL byte.", nameof(target));
        }

        using var parent = RequireParent("make the link", path);
        Check("make the link", path, LinuxCalls.MakeSymlink(target, parent.Number, path.Name));
    }

    public override IReadOnlyList<string> CopyOwnership(WorkspacePath from, WorkspacePath to)
    {
        CheckWritable("set the owner of", to);
        using var source = Require("read the owner of", from, OpenFlags.PathOnly);
        using var target = Require("set the owner of", to, OpenFlags.PathOnly);
        var lost = new List<string>();
        var (old, made) = (StatOf(source, from), StatOf(target, to));
        if ((old.Uid != made.Uid || old.Gid != made.Gid) && LinuxCalls.SetOwner(target.Number, old.Uid, old.Gid) < 0)
        {
            // Only the superuser gives files away, but anybody to a group that they are in.
            const uint Unchanged = uint.MaxValue;
            var keepsGroup = old.Gid == made.Gid || LinuxCalls.SetOwner(target.Number, Unchanged, old.Gid) == 0;
            lost.AddRange(old.Uid == made.Uid ? [] : ["owner"]);
            lost.AddRange(keepsGroup ? [] : ["group"]);
        }

        if (old.Type == made.Type && old.Type != EntryType.Symlink)
        {
            ExtendedAttributes.Copy(source.Number, target.Number, lost);
        }

        return lost;
    }

    public override void Sync(WorkspacePath directory)
    {
        using var entry = Require("sync", directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        Check("sync", directory, LinuxCalls.Sync(entry.Number));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _root.Dispose();
        }
    }

    private static void Check(string operation, WorkspacePath path, int result)
    {
        if (result < 0)
        {
            throw TreeErrors.FromErrno(operation, path, -result);
        }
    }

    private static EntryStat StatOf(Descriptor entry, WorkspacePath path)
    {
        Check("stat", path, LinuxCalls.StatDescriptor(entry.Number, out var stat));
        return stat.ToEntryStat();
    }

    private static RootIdentity IdentityOf(Descriptor root)
    {
        Check("stat", WorkspacePath.Root, LinuxCalls.StatDescriptor(root.Number, out var stat, Statx.BasicMask | Statx.BirthMask));
        var knowsBirth = (stat.Mask & Statx.BirthMask) != 0;
        return new RootIdentity(stat.Device, (long)stat.Inode, knowsBirth ? stat.Birth.Nanoseconds : 0);
    }

    private static byte[] ReadWhole(Descriptor file, WorkspacePath path, int lengthBytes)
    {
        if (lengthBytes == 0)
        {
            return [];
        }

        var bytes = GC.AllocateUninitializedArray<byte>(lengthBytes);
        var filled = 0;
        while (filled < lengthBytes)
        {
            var count = LinuxCalls.Read(file.Number, bytes.AsSpan(filled), filled);
            Check("read", path, count);
            if (count == 0)
            {
                return bytes[..filled]; // it has shrunk
            }

            filled += count;
        }

        return bytes;
    }

    private Descriptor TryOpen(string operation, WorkspacePath path, int flags)
    {
        var number = _root.Open(path.Bytes, flags);

        // ENXIO: a socket, or a device without a driver.
        return number >= 0 || TreeErrors.MeansAbsent(-number) || number == -TreeErrors.NoDeviceOrReader
            ? new Descriptor(number)
            : throw TreeErrors.FromErrno(operation, path, -number);
    }

    private Descriptor Require(string operation, WorkspacePath path, int flags)
    {
        var number = _root.Open(path.Bytes, flags);
        return number >= 0 ? new Descriptor(number) : throw TreeErrors.FromErrno(operation, path, -number);
    }

    private Descriptor RequireParent(string operation, WorkspacePath path)
    {
        var number = _root.OpenParent(path);
        return number >= 0 ? new Descriptor(number) : throw TreeErrors.FromErrno(operation, path, -number);
    }

    private bool Remove(string operation, WorkspacePath path, int flags)
    {
        using var parent = new Descriptor(_root.OpenParent(path));
        var result = parent.IsOpen ? LinuxCalls.Unlink(parent.Number, path.Name, flags) : parent.Number;
        switch (result)
        {
            case -TreeErrors.NotEmpty or -TreeErrors.Exists when flags == LinuxCalls.RemoveDirectory:
                return false;
            case -TreeErrors.NoEntry or >= 0:
                return true;
            default:
                throw TreeErrors.FromErrno(operation, path, -result);
        }
    }
}
