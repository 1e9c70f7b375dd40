using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces.Watching;

namespace Savepoint.Workspaces.Portable;

/// <summary>
/// Watches by .NET's FileSystemWatcher, for systems other than Linux. It reports ignored directories too, which are
/// filtered here by rules that are read when they are first asked for.
/// </summary>
internal sealed class PortableTreeWatcher : TreeWatcher
{
    private const int BufferBytes = 64 * 1024; // the most that also works for a network share on Windows

    private readonly WorkspaceTree _tree;
    private readonly Func<WatchRules> _rules;
    private readonly ITreeObserver _observer;
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _gate = new();
    private readonly Dictionary<WorkspacePath, ITreeScope?> _scopes = [];
    private WatchRules _current;
    private HashSet<WorkspacePath> _kept;
    private volatile bool _isLimited;

    /// <inheritdoc cref="TreeWatcher.Start"/>
    public PortableTreeWatcher(WorkspaceTree tree, Func<WatchRules> rules, ITreeObserver observer)
    {
        _tree = tree;
        _rules = rules;
        _observer = observer;
        _current = rules();
        _kept = [.. _current.Kept];
        _watcher = new FileSystemWatcher(tree.Root)
        {
            IncludeSubdirectories = true,
            InternalBufferSize = BufferBytes,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Attributes | NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.Security,
        };
        _watcher.Created += (_, change) => Take(change.FullPath, isNew: true);
        _watcher.Changed += (_, change) => Take(change.FullPath, isNew: false);
        _watcher.Deleted += (_, change) => Take(change.FullPath, isNew: false);
        _watcher.Renamed += (_, change) =>
        {
            Take(change.OldFullPath, isNew: false);
            Take(change.FullPath, isNew: true);
        };
        _watcher.Error += (_, error) =>
        {
            _isLimited |= error.GetException() is not InternalBufferOverflowException;
            Guard(Renew);
        };
        _watcher.EnableRaisingEvents = true;
    }

    public override int DirectoryCount => 1; // the root, for all below it

    public override bool IsLimited => _isLimited;

    public override void Dispose() => _watcher.Dispose();

    // Nobody catches what is thrown on the system's threads. The scan meets the same trouble where it can be told.
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (SavepointException)
        {
            _observer.Missed();
        }
    }

    private void Take(string fullPath, bool isNew)
    {
        var relative = Path.GetRelativePath(_tree.Root, fullPath);
        if (relative.Contains(PortableName.Replacement) || !WorkspacePath.TryFromBytes(Encoding.UTF8.GetBytes(relative.Replace(Path.DirectorySeparatorChar, '/')), out var path))
        {
            _observer.Missed();
        }
        else
        {
            Guard(() => Take(path, isNew));
        }
    }

    private void Take(WorkspacePath path, bool isNew)
    {
        if (path.Ancestors().Append(path).Any(segment => IsForeign(segment.Name)))
        {
            return;
        }

        if (IsIgnoreFile(path.Name))
        {
            Renew();
            return;
        }

        var isDirectory = _tree.Stat(path) is { IsDirectory: true };
        if (!IsWatched(path, isDirectory))
        {
            return;
        }

        _observer.Changed(path);
        if (isNew && isDirectory)
        {
            ReportBelow(path);
        }
    }

    // What a new directory holds may have come before the system began to report on it.
    private void ReportBelow(WorkspacePath directory)
    {
        foreach (var entry in _tree.TryList(directory) ?? [])
        {
            var path = directory.Append(entry.Name);
            if (!IsForeign(entry.Name) && IsWatched(path, entry.Stat.IsDirectory))
            {
                _observer.Changed(path);
                if (entry.Stat.IsDirectory)
                {
                    ReportBelow(path);
                }
            }
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            _scopes.Clear();
            _current = _rules();
            _kept = [.. _current.Kept];
        }

        _observer.Missed();
    }

    private bool IsWatched(WorkspacePath path, bool isDirectory)
    {
        lock (_gate)
        {
            return !path.Ancestors().Append(path).Any(_current.Excluded.Contains)
                && (_kept.Contains(path) || (ScopeOf(path.Parent) is { } scope && !scope.IsIgnored(path.Name, isDirectory)));
        }
    }

    // Null for a directory that is ignored.
    private ITreeScope? ScopeOf(WorkspacePath directory)
    {
        if (!_scopes.TryGetValue(directory, out var scope))
        {
            var above = directory.IsRoot ? _current.Scope : ScopeOf(directory.Parent);
            scope = above is null || (!directory.IsRoot && above.IsIgnored(directory.Name, isDirectory: true)) ? null : Enter(_tree, above, directory);
            _scopes[directory] = scope;
        }

        return scope;
    }
}
