using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>
/// One entry of the scan index as it lies in the file: what the head records of it, and the stat it had when it was seen
/// to be just that.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct IndexRecord
{
    public const int LengthBytes = 76;

    // Type and mode as in the database's `state`, and in the highest bit whether there is a stat that tells of changes.
    private const int SeenFlag = 0x8000;
    private const int KindShift = 12;
    private const int File = 1;
    private const int Symlink = 2;
    private const int Folder = 3;

    private readonly long _modifiedNs;
    private readonly long _changedNs;
    private readonly long _sizeBytes;
    private readonly long _inode;
    private readonly ContentId _content;
    private readonly uint _nameOffset;
    private readonly uint _child;
    private readonly ushort _nameLength;
    private readonly ushort _state;

    private IndexRecord(ushort state, ContentId content, long sizeBytes, EntryStat? seen)
    {
        _state = (ushort)(state | (seen is null ? 0 : SeenFlag));
        _content = content;
        _sizeBytes = sizeBytes;
        _inode = seen?.Inode ?? 0;
        _modifiedNs = seen?.ModifiedNs ?? 0;
        _changedNs = seen?.ChangedNs ?? 0;
    }

    private IndexRecord(in IndexRecord record, uint nameOffset, int nameLength, uint child)
    {
        this = record;
        _nameOffset = nameOffset;
        _nameLength = (ushort)nameLength;
        _child = child;
    }

    /// <summary>Whether the head holds the entry. If not, it stands here for what is recorded below it.</summary>
    public bool IsRecorded => Code != 0;

    /// <summary>Whether the head holds a file there.</summary>
    public bool IsFile => Code >> KindShift == File;

    /// <summary>The number of the directory that holds what is recorded below it; 0 if nothing is.</summary>
    public uint Child => _child;

    /// <summary>Where its name begins in its directory's block.</summary>
    public uint NameOffset => _nameOffset;

    /// <summary>How long its name is.</summary>
    public int NameLength => _nameLength;

    /// <summary>Its content; meaningless for a directory.</summary>
    public ContentId Content => _content;

    /// <summary>The inode it was seen with; 0 if it was not.</summary>
    public long Inode => IsSeen ? _inode : 0;

    private bool IsSeen => (_state & SeenFlag) != 0;

    private int Code => _state & ~SeenFlag;

    /// <summary>The record of a state.</summary>
    /// <param name="state">What the head holds.</param>
    /// <param name="seen">The stat it was seen with, if a later change must show in it; null if it has to be looked at again.</param>
    public static IndexRecord Of(FileState state, EntryStat? seen) => state switch
    {
        FileState.Regular file => new(Pack(File, file.Mode), file.Content, file.SizeBytes, seen),
        FileState.Symlink link => new(Pack(Symlink, default), link.Target, link.SizeBytes, seen),
        FileState.Directory directory => new(Pack(Folder, directory.Mode), default, 0, null),
        _ => default,
    };

    /// <summary>The record at its place in a block.</summary>
    public IndexRecord Placed(uint nameOffset, int nameLength, uint child) => new(this, nameOffset, nameLength, child);

    /// <summary>What the head holds.</summary>
    public FileState ToState() => (Code >> KindShift) switch
    {
        File => new FileState.Regular(new UnixMode(Code), _content, _sizeBytes),
        Symlink => new FileState.Symlink(_content, _sizeBytes),
        Folder => new FileState.Directory(new UnixMode(Code)),
        _ => FileState.None,
    };

    /// <summary>Whether what stands there now is what the head holds, as far as its stat can tell.</summary>
    public bool IsUnchanged(in EntryStat stat) => stat.Type switch
    {
        EntryType.File => Code == Pack(File, stat.Mode) && HasSameStat(stat),
        EntryType.Symlink => Code >> KindShift == Symlink && HasSameStat(stat),
        EntryType.Directory => Code == Pack(Folder, stat.Mode),
        _ => false,
    };

    /// <summary>Whether an entry, of this name or another, is the very inode that was seen, and not written since.</summary>
    public bool IsSameFile(in EntryStat stat) => stat.IsFile && IsFile && _inode != 0 && HasSameStat(stat);

    private bool HasSameStat(in EntryStat stat) =>
        IsSeen && _inode == stat.Inode && _sizeBytes == stat.SizeBytes && _modifiedNs == stat.ModifiedNs && _changedNs == stat.ChangedNs;

    private static ushort Pack(int kind, UnixMode mode) => (ushort)((kind << KindShift) | mode.Bits);
}
