using System.Text;
using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// The tree by Linux system calls with byte names. Every call opens the entry, or its parent, through
/// <see cref="RootDirectory"/>, and works on the descriptor: what is checked is what is used. Nothing is cached between
/// calls, for a directory that was renamed away would still answer.
/// </summary>
internal sealed partial class LinuxTree : WorkspaceTree
{
    private const int ReadAttemptCount = 3;

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

    public override IReadOnlyList<string> Limitations => [];

    public override WorkspaceIdentity Identify()
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
        var file = TryOpenFile(path, out _);
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
            return new TreeFileStream(handle, path, isNew: false) { EndBytes = stat.SizeBytes };
        }

        handle.Dispose();
        return null;
    }

    public override FileRead? TryReadAllBytes(WorkspacePath path, int maxLengthBytes)
    {
        using var file = TryOpenFile(path, out var before);
        for (var attempt = 1; file.IsOpen; attempt++)
        {
            if (before.SizeBytes > maxLengthBytes)
            {
                return new FileRead(null, before, IsTorn: false);
            }

            // The first stat is of the name, before it was opened. That this one is the same says that it was the same
            // file, and that nobody wrote meanwhile.
            var errno = ReadWhole(file, (int)before.SizeBytes, out var bytes);
            var after = StatOf(file, path);
            if (!after.IsFile)
            {
                return null;
            }

            Check("read", path, -errno);
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

    /// <summary>Whether an entry has an extended attribute of this name, given with its NUL.</summary>
    public bool HasAttribute(WorkspacePath path, ReadOnlySpan<byte> terminatedName)
    {
        using var entry = TryOpen("read the attributes of", path, OpenFlags.PathOnly);
        return entry.IsOpen && ExtendedAttributes.Has(entry.Number, terminatedName);
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

    private static WorkspaceIdentity IdentityOf(Descriptor root)
    {
        Check("stat", WorkspacePath.Root, LinuxCalls.StatDescriptor(root.Number, out var stat, Statx.BasicMask | Statx.BirthMask));
        var knowsBirth = (stat.Mask & Statx.BirthMask) != 0;
        return new WorkspaceIdentity((long)stat.Inode, stat.Device, knowsBirth ? stat.Birth.Nanoseconds : 0);
    }

    // The errno, or 0 with what there was: less than asked for if the file has shrunk.
    private static int ReadWhole(Descriptor file, int lengthBytes, out byte[] bytes)
    {
        bytes = lengthBytes == 0 ? [] : GC.AllocateUninitializedArray<byte>(lengthBytes);
        var filled = 0;
        while (filled < lengthBytes)
        {
            var count = LinuxCalls.Read(file.Number, bytes.AsSpan(filled), filled);
            if (count <= 0)
            {
                bytes = bytes[..filled];
                return -count;
            }

            filled += count;
        }

        return 0;
    }

    private Descriptor TryOpen(string operation, WorkspacePath path, int flags)
    {
        var number = _root.Open(path.Bytes, flags);

        // ENXIO: a socket, or a device without a driver.
        return number >= 0 || TreeErrors.MeansAbsent(-number) || number == -TreeErrors.NoDeviceOrReader
            ? new Descriptor(number)
            : throw TreeErrors.FromErrno(operation, path, -number);
    }

    // Looked at before it is opened, for opening is an act: a pipe's waiting writer wakes up, and dies of SIGPIPE once we
    // close; a tape rewinds. Should a pipe be put there in between, O_NONBLOCK keeps us from waiting.
    private Descriptor TryOpenFile(WorkspacePath path, out EntryStat seen)
    {
        seen = default;
        using var entry = TryOpen("read", path, OpenFlags.PathOnly);
        if (entry.IsOpen)
        {
            seen = StatOf(entry, path);
        }

        return entry.IsOpen && seen.IsFile
            ? TryOpen("read", path, OpenFlags.ReadOnly | OpenFlags.NonBlocking)
            : new Descriptor(-TreeErrors.NoEntry);
    }

    private Descriptor Require(string operation, WorkspacePath path, int flags)
    {
        var number = _root.Open(path.Bytes, flags);
        return number >= 0 ? new Descriptor(number) : throw TreeErrors.FromErrno(operation, path, -number);
    }
}
