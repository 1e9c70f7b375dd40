using Savepoint.Model;

namespace Savepoint.Workspaces.Linux;

/// <summary>A directory that inotify reports on.</summary>
/// <param name="Watch">Its number there. The kernel's watch is on the inode: it follows a rename, the path here does not.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Scope">Its own rules; null for one that is ignored, and only watched for what it holds that is kept.</param>
internal sealed record WatchedDirectory(int Watch, WorkspacePath Path, ITreeScope? Scope);

/// <summary>The watched directories by number and by path. Not thread-safe.</summary>
internal sealed class WatchedDirectories
{
    private readonly Dictionary<int, WatchedDirectory> _byWatch = [];
    private readonly Dictionary<WorkspacePath, WatchedDirectory> _byPath = [];

    public int Count => _byWatch.Count;

    public WatchedDirectory? Find(int watch) => _byWatch.GetValueOrDefault(watch);

    public WatchedDirectory? Find(WorkspacePath path) => _byPath.GetValueOrDefault(path);

    /// <summary>Those at and below a path.</summary>
    public List<WatchedDirectory> Within(WorkspacePath path) => [.. _byPath.Values.Where(directory => directory.Path.IsWithin(path))];

    public void Set(WatchedDirectory directory)
    {
        // The same inode may have been known under another path, and the same path with another inode.
        if (_byWatch.Remove(directory.Watch, out var moved) && moved.Path != directory.Path)
        {
            _byPath.Remove(moved.Path);
        }

        if (_byPath.Remove(directory.Path, out var replaced))
        {
            _byWatch.Remove(replaced.Watch);
        }

        _byWatch[directory.Watch] = directory;
        _byPath[directory.Path] = directory;
    }

    public void Remove(int watch)
    {
        if (_byWatch.Remove(watch, out var directory) && _byPath.GetValueOrDefault(directory.Path)?.Watch == watch)
        {
            _byPath.Remove(directory.Path);
        }
    }
}
