using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Ignore;

namespace Savepoint;

/// <content>Recording: tree → states → snapshot → store.</content>
public sealed partial class SnapshotManager
{
    /// <summary>How often a capture is computed again because another process recorded the same paths first.</summary>
    private const int MaxAttempts = 50;

    /// <summary>Git's ids of text files cost a SHA-1 each, and a capture has no use for them.</summary>
    private static readonly PatchOptions WithoutBlobIds = new() { HasBlobIds = false };

    /// <summary>
    /// Announces an edit: what stands at <paramref name="paths"/> is recorded now, if the history does not know it, so
    /// that the edit's snapshot holds the edit alone. (The seed's capturePreOperation.)
    /// </summary>
    /// <param name="paths">The paths that will change; ignored ones too are recorded, since they are named.</param>
    /// <param name="context">Who edits, with what.</param>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <returns>The edit under way. Call <see cref="PendingEdit.CommitAsync"/> once the files are written.</returns>
    public async Task<PendingEdit> BeginEditAsync(IEnumerable<WorkspacePath> paths, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        var named = Checked(paths);
        context ??= CaptureContext.None;

        // Only a watcher has to know; where there is none, an edit pays nothing for saying so (docs/design/watching.md).
        var span = _store.Watchers.IsThere(Branch) ? Announce(context, named) : (long?)null;
        var drift = await CaptureAsync(named, SnapshotKind.Drift, new CaptureContext { Message = "unrecorded changes, found before an edit" }, wholeTree: false, withPatch: false, cancellationToken).ConfigureAwait(false);
        return new PendingEdit(this, named, context, drift.Snapshot?.Number, span);
    }

    /// <summary>Records what differs from the head at <paramref name="paths"/>, or, if null, in the whole workspace.</summary>
    /// <param name="paths">Entries to look at; a directory stands for all it holds. Null: everything that no ignore rule excludes.</param>
    /// <param name="context">Who made the changes, with what.</param>
    /// <param name="cancellationToken">Stops the scan; nothing is recorded then.</param>
    public Task<CaptureResult> CaptureAsync(IEnumerable<WorkspacePath>? paths = null, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        var named = paths is null ? [] : Checked(paths);
        var wholeTree = paths is null || named.Exists(path => path.IsRoot || _tree.Stat(path) is { IsDirectory: true });
        return CaptureAsync(named, SnapshotKind.Operation, context ?? CaptureContext.None, wholeTree, withPatch: false, cancellationToken);
    }

    /// <summary>What differs from the head now, without recording it.</summary>
    public async Task<CaptureResult> PeekAsync(CancellationToken cancellationToken = default)
    {
        var started = _options.Time.GetTimestamp();
        using var held = await WorkspaceLock.SharedAsync(StoreDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        var coverage = new CoverageBuilder();
        var changes = Scan(HashingSink.Instance, [], coverage, _options.ScanDeadline, saveIndex: false, cancellationToken);
        var unnumbered = changes.Count == 0 ? null : Draft(SnapshotKind.Operation, CaptureContext.None) with { Changes = changes };
        return new CaptureResult(unnumbered, coverage.Build(), _options.Time.GetElapsedTime(started));
    }

    internal async Task<CaptureResult> CommitEditAsync(List<WorkspacePath> paths, CaptureContext context, SpanEnd? end, CancellationToken cancellationToken) =>
        await CaptureAsync(paths, SnapshotKind.Operation, context, wholeTree: false, withPatch: true, cancellationToken, end).ConfigureAwait(false);

    private async Task<CaptureResult> CaptureAsync(
        List<WorkspacePath> paths, SnapshotKind kind, CaptureContext context, bool wholeTree, bool withPatch, CancellationToken cancellationToken, SpanEnd? end = null)
    {
        var started = _options.Time.GetTimestamp();
        using var held = await WorkspaceLock.SharedAsync(StoreDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        var (snapshot, coverage) = Record(paths, kind, context, wholeTree, cancellationToken, end);
        return new CaptureResult(snapshot, coverage, _options.Time.GetElapsedTime(started))
        {
            Patch = withPatch && snapshot is not null ? Patch.Create(snapshot.Changes, _store.Contents, WithoutBlobIds) : null,
        };
    }

    /// <summary>Computes a capture and commits it, again if another process was faster. The workspace lock is held.</summary>
    private (Snapshot? Snapshot, Coverage Coverage) Record(
        List<WorkspacePath> paths, SnapshotKind kind, CaptureContext context, bool wholeTree, CancellationToken cancellationToken, SpanEnd? end = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var coverage = new CoverageBuilder();
            var changes = wholeTree
                ? Scan(_store.Contents, paths, coverage, kind == SnapshotKind.Operation ? _options.ScanDeadline : Timeout.InfiniteTimeSpan, saveIndex: true, cancellationToken)
                : new PathRecorder(_tree, _store.HeadTree(Branch), Reader(_store.Contents, coverage, isLimited: kind != SnapshotKind.Drift)).Record(paths);
            var built = coverage.Build();
            if (changes.Count == 0 && kind != SnapshotKind.Baseline && end?.ExitCode is null)
            {
                End(end);
                return (null, built);
            }

            try
            {
                var draft = Draft(kind, context) with { Changes = changes, Coverage = built, ExitCode = end?.ExitCode, Duration = end?.Duration };
                return (_store.Append(draft, endedSpan: end?.Span), built);
            }
            catch (HeadMovedException) when (attempt < MaxAttempts)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>What differs from the head in the whole tree, or at and below the named paths. A baseline and a restore take the time they need.</summary>
    private List<FileChange> Scan(IContentSink sink, List<WorkspacePath> paths, CoverageBuilder coverage, TimeSpan deadline, bool saveIndex, CancellationToken cancellationToken)
    {
        if (!_tree.IsAtRoot())
        {
            throw new SavepointException(ErrorCode.NotTracked, $"{Root} was moved or deleted while it was open.", "Open the workspace where it is now.");
        }

        var startedNs = (_options.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var indexFile = Path.Combine(StoreDirectory, $"index-{Branch}");
        var index = ScanIndex.Load(indexFile);
        var rules = WorkspaceRules.Load(Root, GitUser());
        var scan = new TreeScanner(_tree, _options.Time).Scan(
            new ScanOptions
            {
                Scope = new IgnoreTreeScope(rules.Scope, WorkspacePath.Root),
                ExcludedDirectories = [StoreDirectory, _options.StoreHome],
                TimeLimit = deadline == Timeout.InfiniteTimeSpan ? null : deadline,
            },
            cancellationToken);
        var head = _store.HeadTree(Branch).Within(WorkspacePath.Root);
        var recorder = new TreeRecorder(_tree, scan, new StateReader(_tree, sink, _limits, coverage, new SimilarFiles(head)), index, coverage);
        var changes = recorder.Record(head, rules.TrackedByGit, cancellationToken);
        if (saveIndex && recorder.NextIndex(startedNs) is var next && !next.IsSameAs(index))
        {
            next.Save(indexFile);
        }

        if (paths.Count == 0)
        {
            return changes;
        }

        // A named path is recorded even if a rule ignores it, so those are looked at by themselves as well.
        var named = new PathRecorder(_tree, _store.HeadTree(Branch), Reader(sink, coverage)).Record(paths);
        var within = changes.SelectMany(change => change.PerPath()).Where(change => paths.Exists(change.Path.IsWithin));
        return ChangeList.Build(within.Concat(named.SelectMany(change => change.PerPath())).DistinctBy(change => change.Path));
    }

    private async Task<CaptureResult> RecordBaselineAsync(CancellationToken cancellationToken)
    {
        if (Head is not null)
        {
            return new CaptureResult(null, Coverage.Empty, TimeSpan.Zero);
        }

        return await CaptureAsync([], SnapshotKind.Baseline, new CaptureContext { Message = "baseline" }, wholeTree: true, withPatch: false, cancellationToken).ConfigureAwait(false);
    }

    // What a restore or an edit is about to overwrite is recorded whatever its size.
    private StateReader Reader(IContentSink sink, CoverageBuilder coverage, bool isLimited = true) =>
        new(_tree, sink, isLimited ? _limits : _limits with { MaxFileBytes = long.MaxValue }, coverage);

    private Snapshot Draft(SnapshotKind kind, CaptureContext context) => new()
    {
        Branch = Branch,
        Kind = kind,
        Time = _options.Time.GetUtcNow(),
        Actor = context.Actor,
        Tool = context.Tool,
        Message = context.Message,
        Git = GitNow(),
        Changes = [],
    };

    private static List<WorkspacePath> Checked(IEnumerable<WorkspacePath> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var list = paths.Distinct().ToList();
        return list.Find(path => path.IsInsideGit) is { IsRoot: false } git
            ? throw new SavepointException(ErrorCode.RefusedPath, $"{PathQuoting.Quote(git.Bytes)} belongs to git, whose files are never recorded.", "Leave it out.")
            : list;
    }
}
