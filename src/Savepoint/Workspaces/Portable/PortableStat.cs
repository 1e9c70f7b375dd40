using System.Text;
using Savepoint.Model;

namespace Savepoint.Workspaces.Portable;

/// <summary>As much of an <see cref="EntryStat"/> as .NET tells: type, mode, size and modification time.</summary>
internal static class PortableStat
{
    private const long NsPerTick = 100;
    private const int MaxNameBytes = 255; // NAME_MAX of nearly every file system

    /// <summary>The entry itself, no link followed in the last segment; null if it is absent.</summary>
    public static EntryStat? Of(string place)
    {
        try
        {
            return Of(new FileInfo(place));
        }
        catch (PathTooLongException) when (Encoding.UTF8.GetByteCount(Path.GetFileName(place)) > MaxNameBytes)
        {
            return null; // no entry can have such a name; that a whole path is too long for the system stays an error
        }
    }

    private static EntryStat? Of(FileInfo info)
    {
        // Exists is false for directories, and for a link follows it; attributes are the entry's own.
        var attributes = info.Attributes;
        if ((int)attributes == -1)
        {
            return null;
        }

        var type = info.LinkTarget is not null ? EntryType.Symlink
            : attributes.HasFlag(FileAttributes.Directory) ? EntryType.Directory
            : EntryType.File;
        return new EntryStat(
            type,
            ModeOf(info, type),
            type == EntryType.File && info.Exists ? info.Length : 0,
            (info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * NsPerTick,
            ChangedNs: 0,
            Inode: 0,
            Device: 0,
            LinkCount: 0,
            Uid: 0,
            Gid: 0);
    }

    private static UnixMode ModeOf(FileInfo info, EntryType type)
    {
        if (!OperatingSystem.IsWindows())
        {
            return new UnixMode((int)info.UnixFileMode);
        }

        return type == EntryType.Directory ? UnixMode.DefaultDirectory : UnixMode.DefaultFile;
    }
}
