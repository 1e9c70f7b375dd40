using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <content>Watching one directory.</content>
internal sealed partial class LinuxTree
{
    /// <summary>Adds a directory to an inotify instance, no link followed.</summary>
    /// <returns>The number of the watch, or a negative errno: also where there is no such directory.</returns>
    public int TryWatch(int inotify, WorkspacePath directory, uint mask)
    {
        using var entry = new Descriptor(_root.Open(directory.Bytes, OpenFlags.PathOnly | OpenFlags.Directory));
        return entry.IsOpen ? LinuxCalls.AddWatch(inotify, entry.Number, mask) : -entry.Errno;
    }
}
