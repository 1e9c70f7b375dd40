using System.Runtime.CompilerServices;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Watching;

namespace Savepoint;

/// <content>Watching: what the system reports → what is recorded.</content>
public sealed partial class SnapshotManager
{
    /// <summary>Who watches this workspace; null if nobody does.</summary>
    public WatcherStatus? Watcher => _store.Watchers.Find(Branch);

    /// <summary>
    /// Records every change by any process, as it happens: first what happened while nobody watched, then, until it is
    /// cancelled, each change shortly after its last write. A cancelled watch records what is left and ends.
    /// </summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops it. That is its usual end, and no exception.</param>
    /// <returns>Each snapshot once it is in the store.</returns>
    /// <exception cref="SavepointException">Another process watches this workspace (<see cref="ErrorCode.Busy"/>), or something cannot be recorded.</exception>
    public async IAsyncEnumerable<Snapshot> WatchAsync(WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new WatchOptions();
        options.Validate();
        using var only = WorkspaceLock.TryWatch(OwnDirectory) ?? throw WatchedAlready();
        using var changes = new ChangeQueue(options.Debounce, options.ScanInterval, _options.Time);
        Announce(new WatcherStatus(Environment.ProcessId, _options.Time.GetUtcNow(), 0, IsLimited: false), null); // edits announce themselves from here on
        try
        {
            using var watcher = TreeWatcher.Start(_tree, RulesToWatch, changes);
            var status = Announce(new WatcherStatus(Environment.ProcessId, _options.Time.GetUtcNow(), watcher.DirectoryCount, watcher.IsLimited), options);
            var recorder = new WatchRecorder(this, options);
            recorder.ForgetOrphans();
            for (var found = ChangeSet.Everything; ;)
            {
                RefuseReplaced();
                var started = _options.Time.GetTimestamp();
                foreach (var snapshot in await recorder.RecordAsync(found).ConfigureAwait(false))
                {
                    yield return snapshot;
                }

                changes.Recorded(_options.Time.GetElapsedTime(started), found.IsWhole, watcher.IsLimited);
                if (watcher.IsLimited != status.IsLimited)
                {
                    status = Announce(status with { DirectoryCount = watcher.DirectoryCount, IsLimited = watcher.IsLimited }, options);
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    recorder.ThrowTrouble();
                    break;
                }

                try
                {
                    found = await changes.NextAsync(recorder.Pause, cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    found = ChangeSet.Everything; // a last look, and the end
                }
            }
        }
        finally
        {
            _store.Watchers.Remove(Branch);
        }
    }

    /// <summary>Records what differs from the head at these paths, or everywhere, but for what the spans under way are left to record.</summary>
    /// <param name="found">What to look at.</param>
    /// <param name="spans">The spans as they are now.</param>
    /// <param name="wasHeld">Whether a path was left alone at an earlier look.</param>
    /// <param name="held">Takes the paths of changes that are left to others.</param>
    /// <param name="recorded">Takes each snapshot.</param>
    /// <exception cref="HeadMovedException">Somebody else recorded or announced something meanwhile: to be done again.</exception>
    internal void RecordWatched(ChangeSet found, SpanView spans, Func<WorkspacePath, bool> wasHeld, Action<WorkspacePath> held, Action<Snapshot> recorded) =>
        WithRoom([.. found.Paths], found.IsWhole, () => RecordFound(found, spans, wasHeld, held, recorded));

    private bool RecordFound(ChangeSet found, SpanView spans, Func<WorkspacePath, bool> wasHeld, Action<WorkspacePath> held, Action<Snapshot> recorded)
    {
        var (coverage, clock) = (new CoverageBuilder(), Stopclock.Start(_options.Time));
        var scan = found.IsWhole ? Scan(_store.Contents, [], coverage, _options.ScanDeadline, CancellationToken.None) : null;
        var changes = scan?.Changes ?? new PathRecorder(_tree, _store.HeadTree(Branch), Reader(_store.Contents, coverage)).Record(found.Paths);
        var free = changes.SelectMany(change => change.PerPath()).ToLookup(change => spans.Holds(change.Path));
        foreach (var change in free[true])
        {
            held(change.Path);
        }

        var built = coverage.Build();
        Snapshot? last = null;
        foreach (var byContext in free[false].GroupBy(change => spans.ContextOf(change.Path, wasHeld(change.Path))))
        {
            var draft = Draft(SnapshotKind.Operation, byContext.Key, clock) with { Changes = ChangeList.Build(byContext), Coverage = built };
            if (_store.Append(draft, seenSpan: spans.Newest) is { } snapshot)
            {
                recorded(snapshot);
                Judge(snapshot);
                last = snapshot;
            }
        }

        Remember(scan, last);
        return true;
    }

    internal SpanView SpansNow(WatchOptions options) => new(_store.Spans.All(Branch), _options.Time.GetUtcNow(), options);

    internal void ForgetSpan(AnnouncedSpan span) => _store.Spans.End(span.Id);

    private WatcherStatus Announce(WatcherStatus status, WatchOptions? listener)
    {
        _store.Watchers.Set(Branch, status);
        listener?.Status?.Report(status);
        return status;
    }

    private WatchRules RulesToWatch()
    {
        var rules = new WorkspaceRules(RulesRoot, GitUser());
        var kept = _store.HeadTree(Branch).Within(WorkspacePath.Root).Keys.Concat(rules.ReadTracked());
        return new WatchRules(rules, kept.Where(path => !path.IsInsideGit), Inside(StoreDirectory, _options.StoreHome));
    }

    // Where a store lies inside the workspace, recording would be a change to record.
    private HashSet<WorkspacePath> Inside(params string[] directories)
    {
        var inside = directories.Select(directory => Path.GetRelativePath(Root, directory)).Where(path => !Path.IsPathRooted(path) && path.Split(Path.DirectorySeparatorChar)[0] != "..");
        return [.. inside.Select(WorkspacePath.Parse)];
    }

    private SavepointException WatchedAlready() => new(
        ErrorCode.Busy,
        $"{Root} is being watched already{(Watcher is { } other ? $", by process {other.Process}" : "")}.",
        "One watcher a workspace is enough: each records every change. 'savepoint status' shows it.");
}
