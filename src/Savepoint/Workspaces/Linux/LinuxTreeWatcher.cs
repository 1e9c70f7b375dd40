using Savepoint.Model;
using Savepoint.Workspaces.Watching;

namespace Savepoint.Workspaces.Linux;

/// <summary>
/// Watches by inotify(7): one instance, one watch a directory that is not ignored, one thread that sleeps in the kernel
/// until something happens.
/// </summary>
/// <remarks>
/// A directory is watched first and listed then, so nothing in it is missed: what comes before the list is in it, what
/// comes after is reported. One that appears or moves is walked so at once; of one that moves away all watches end first,
/// for they would go on reporting under its old path. If the kernel's queue runs over, everything is walked anew.
/// </remarks>
internal sealed class LinuxTreeWatcher : TreeWatcher
{
    private const uint Kinds = InotifyEvent.Modified | InotifyEvent.AttributesChanged | InotifyEvent.ClosedAfterWriting | InotifyEvent.MovedAway
        | InotifyEvent.MovedHere | InotifyEvent.Created | InotifyEvent.Deleted | InotifyEvent.DeletedItself | InotifyEvent.MovedItself;

    private const uint OnlyDirectory = 0x01000000; // IN_ONLYDIR
    private const uint NotWhenUnlinked = 0x04000000; // IN_EXCL_UNLINK

    // Some 2,000 events, as many as come while the thread waits for a processor.
    private const int BufferBytes = 64 * 1024;

    private readonly LinuxTree _tree;
    private readonly Func<WatchRules> _rules;
    private readonly ITreeObserver _observer;
    private readonly int _maxWatches;
    private readonly WatchedDirectories _directories = new();
    private readonly HashSet<WorkspacePath> _kept = [];
    private readonly int _inotify;
    private readonly int _stop;
    private readonly Thread _thread;
    private IReadOnlySet<WorkspacePath> _excluded = new HashSet<WorkspacePath>();
    private bool _isWalkedAnew;
    private volatile bool _isLimited;
    private volatile bool _isStopping;
    private volatile int _directoryCount;
    private bool _isDisposed;

    private LinuxTreeWatcher(LinuxTree tree, Func<WatchRules> rules, ITreeObserver observer, int maxWatches)
    {
        _tree = tree;
        _rules = rules;
        _observer = observer;
        _maxWatches = maxWatches;
        _inotify = LinuxCalls.InitWatching();
        _stop = LinuxCalls.InitSignal();
        _isLimited = _inotify < 0 || _stop < 0; // no instance left (fs.inotify.max_user_instances), or no descriptor
        _thread = new Thread(Run) { IsBackground = true, Name = "savepoint watcher" };
    }

    public override int DirectoryCount => _directoryCount;

    public override bool IsLimited => _isLimited;

    /// <inheritdoc cref="TreeWatcher.Start"/>
    /// <param name="tree">The tree.</param>
    /// <param name="rules">Gives the rules in force.</param>
    /// <param name="observer">Is told.</param>
    /// <param name="maxWatches">As many watches as the system would allow; for tests.</param>
    public static LinuxTreeWatcher Start(LinuxTree tree, Func<WatchRules> rules, ITreeObserver observer, int maxWatches = int.MaxValue)
    {
        var watcher = new LinuxTreeWatcher(tree, rules, observer, maxWatches);
        if (!watcher._isLimited)
        {
            watcher.WalkAll();
            watcher._thread.Start();
        }

        return watcher;
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return; // the numbers may be somebody else's files by now
        }

        _isStopping = true;
        if (_thread.IsAlive)
        {
            LinuxCalls.Signal(_stop);
            _thread.Join();
        }

        new Descriptor(_inotify).Dispose();
        new Descriptor(_stop).Dispose();
    }

    private void Run()
    {
        var buffer = new byte[BufferBytes];
        while (!_isStopping)
        {
            LinuxCalls.AwaitReadable(_inotify, _stop);
            ReadOnlySpan<byte> events = buffer.AsSpan(0, Math.Max(0, LinuxCalls.Read(_inotify, buffer)));
            _isWalkedAnew = false;
            while (InotifyEvent.TryRead(ref events, out var found))
            {
                TryTake(found);
            }

            _directoryCount = _directories.Count;
        }
    }

    private void TryTake(in InotifyEvent found)
    {
        try
        {
            Take(found);
        }
        catch (SavepointException)
        {
            _observer.Missed(); // the scan meets the same trouble where it can be told
        }
    }

    private void Take(in InotifyEvent found)
    {
        if (found.Is(InotifyEvent.Overflow))
        {
            WalkAnew();
        }
        else if (found.Is(InotifyEvent.Ended))
        {
            _directories.Remove(found.Watch);
        }
        else if (_directories.Find(found.Watch) is { } directory)
        {
            Take(directory, found);
        }
    }

    private void Take(WatchedDirectory directory, in InotifyEvent found)
    {
        if (found.Name.IsEmpty)
        {
            if (directory.Path.IsRoot && found.Is(InotifyEvent.DeletedItself | InotifyEvent.MovedItself))
            {
                _observer.Missed(); // whoever looks will see that the workspace is gone
            }

            return; // of every other directory its parent reports the same
        }

        if (IsForeign(found.Name))
        {
            return;
        }

        var path = directory.Path.Append(found.Name);
        if (found.IsDirectory && found.Is(InotifyEvent.MovedAway))
        {
            Unwatch(_directories.Within(path));
        }

        var isIgnored = directory.Scope is not { } scope || scope.IsIgnored(found.Name, found.IsDirectory);
        if (isIgnored && !_kept.Contains(path))
        {
            return;
        }

        _observer.Changed(path);
        if (found.IsDirectory && !isIgnored && found.Is(InotifyEvent.Created | InotifyEvent.MovedHere))
        {
            Walk(path, directory.Scope!, walked: null, _observer.Changed);
        }
        else if (!found.IsDirectory && IsIgnoreFile(found.Name) && found.Is(InotifyEvent.ClosedAfterWriting | InotifyEvent.MovedAway | InotifyEvent.MovedHere | InotifyEvent.Deleted))
        {
            WalkAnew();
        }
    }

    /// <summary>What is ignored may be another now, and what was missed may have brought directories: all is looked at again.</summary>
    private void WalkAnew()
    {
        if (!_isWalkedAnew)
        {
            WalkAll();
            _isWalkedAnew = true; // that was after all events of this buffer
        }

        _observer.Missed();
    }

    private void WalkAll()
    {
        var rules = _rules();
        _excluded = rules.Excluded;
        var before = _directories.Within(WorkspacePath.Root);
        var walked = new HashSet<WorkspacePath>();
        Walk(WorkspacePath.Root, rules.Scope, path => walked.Add(path), report: null);

        // One that was moved, of which the event was lost, has the watch that it had: only its path here is another.
        Unwatch(before.Where(known => !walked.Contains(known.Path) && _directories.Find(known.Watch)?.Path == known.Path));
        _kept.Clear();
        foreach (var path in rules.Kept)
        {
            Keep(path);
        }

        _directoryCount = _directories.Count;
    }

    /// <summary>Lets events of an entry through although it is ignored, and watches its directory for that.</summary>
    private void Keep(WorkspacePath path)
    {
        var scope = _directories.Find(path.Parent)?.Scope;
        if (scope is not null && !scope.IsIgnored(path.Name, isDirectory: false) && !scope.IsIgnored(path.Name, isDirectory: true))
        {
            return;
        }

        _kept.Add(path);
        if (_directories.Find(path.Parent) is null)
        {
            Watch(path.Parent);
        }
    }

    /// <summary>Watches a directory and all below it that is not ignored, telling of each directory and each entry that it comes to.</summary>
    private void Walk(WorkspacePath from, ITreeScope above, Action<WorkspacePath>? walked, Action<WorkspacePath>? report)
    {
        var waiting = new Stack<(WorkspacePath Path, ITreeScope Above)>([(from, above)]);
        while (waiting.TryPop(out var next) && !_isStopping)
        {
            if (_excluded.Contains(next.Path))
            {
                continue;
            }

            walked?.Invoke(next.Path);
            var watch = Watch(next.Path);
            using var reader = TryOpen(next.Path);
            if (reader is null)
            {
                continue;
            }

            var scope = HasRules(reader) ? Enter(_tree, next.Above, next.Path) : next.Above.Enter(next.Path, null, null);
            if (watch is not null)
            {
                _directories.Set(watch with { Scope = scope });
            }

            while (reader.MoveNext())
            {
                var isDirectory = (reader.Type ?? reader.Stat()?.Type) == EntryType.Directory;
                if (!IsForeign(reader.Name) && !scope.IsIgnored(reader.Name, isDirectory))
                {
                    var path = next.Path.Append(reader.Name);
                    report?.Invoke(path);
                    if (isDirectory)
                    {
                        waiting.Push((path, scope));
                    }
                }
            }
        }
    }

    private WatchedDirectory? Watch(WorkspacePath path)
    {
        var watch = _directories.Count < _maxWatches || _directories.Find(path) is not null ? _tree.TryWatch(_inotify, path, Kinds | OnlyDirectory | NotWhenUnlinked) : -TreeErrors.NoSpace;
        if (watch < 0)
        {
            _isLimited |= watch == -TreeErrors.NoSpace; // anything else: it is gone, or closed to us, and a scan says so
            return null;
        }

        var directory = new WatchedDirectory(watch, path, Scope: null);
        _directories.Set(directory);
        return directory;
    }

    private void Unwatch(IEnumerable<WatchedDirectory> directories)
    {
        foreach (var directory in directories)
        {
            LinuxCalls.RemoveWatch(_inotify, directory.Watch);
            _directories.Remove(directory.Watch);
        }
    }

    private DirectoryReader? TryOpen(WorkspacePath directory)
    {
        try
        {
            return _tree.TryOpenDirectory(directory);
        }
        catch (SavepointException)
        {
            return null; // closed to us: a scan names it in its coverage
        }
    }

    private static bool HasRules(DirectoryReader reader)
    {
        var found = false;
        while (!found && reader.MoveNext())
        {
            found = reader.Name.SequenceEqual(Ignore.IgnoreFile.GitName) || reader.Name.SequenceEqual(Ignore.IgnoreFile.SavepointName);
        }

        reader.Rewind();
        return found;
    }
}
