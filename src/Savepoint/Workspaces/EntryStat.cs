using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>What kind of thing stands at a path. Block and character devices are one kind: neither is recorded.</summary>
internal enum EntryType
{
    File,
    Directory,
    Symlink,
    Fifo,
    Socket,
    Device,
}

/// <summary>
/// What the system says about an entry, of the entry itself and never of a link's target. Times are nanoseconds since
/// 1970 (UTC); <paramref name="Device"/> is opaque, only good for comparing; a back end that cannot know a number gives 0.
/// </summary>
/// <param name="Type">What kind of thing it is.</param>
/// <param name="Mode">Its permission bits.</param>
/// <param name="SizeBytes">A file's length; for other kinds whatever the file system says.</param>
/// <param name="ModifiedNs">When its content last changed (mtime), which any program may set at will.</param>
/// <param name="ChangedNs">When its content, mode, owner or links last changed (ctime), which no program can set.</param>
/// <param name="Inode">The inode's number on its device.</param>
/// <param name="Device">The file system it is on.</param>
/// <param name="LinkCount">How many names the inode has.</param>
/// <param name="Uid">The owner.</param>
/// <param name="Gid">The group.</param>
internal readonly record struct EntryStat(
    EntryType Type,
    UnixMode Mode,
    long SizeBytes,
    long ModifiedNs,
    long ChangedNs,
    long Inode,
    long Device,
    int LinkCount,
    uint Uid,
    uint Gid)
{
    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => Type == EntryType.File;

    /// <summary>Whether it is a directory (a link to one is not).</summary>
    public bool IsDirectory => Type == EntryType.Directory;

    /// <summary>
    /// Whether both describe one inode whose bytes were not written in between, as far as times can tell: two writes
    /// within one tick of the file system's clock (up to 10 ms on kernels before 6.13) look like one.
    /// </summary>
    public bool IsSameContentAs(in EntryStat other) =>
        Inode == other.Inode
        && Device == other.Device
        && SizeBytes == other.SizeBytes
        && ModifiedNs == other.ModifiedNs
        && ChangedNs == other.ChangedNs;
}

/// <summary>An entry of a directory.</summary>
/// <param name="Name">Its name, one segment of a path.</param>
/// <param name="Stat">The entry itself, no link followed.</param>
internal readonly record struct DirectoryEntry(byte[] Name, EntryStat Stat);
