using Savepoint.Diagnostics;
using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Scanning;

namespace Savepoint;

/// <content>Recording: tree → states → snapshot → store.</content>
public sealed partial class SnapshotManager
{
    /// <summary>How often a capture is computed again because another process recorded the same paths first.</summary>
    private const int MaxAttempts = 50;

    /// <summary>Git's ids cost a SHA-1 of each file, and a capture has no use for them.</summary>
    private static readonly PatchOptions WithoutBlobIds = new() { HasBlobIds = false, MaxExactBytes = PatchOptions.MaxTextBytes };

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
        using var held = await ShareAsync(cancellationToken).ConfigureAwait(false);
        var coverage = new CoverageBuilder();
        var changes = Scan(HashingSink.Instance, [], coverage, _options.ScanDeadline, cancellationToken).Changes;
        var unnumbered = changes.Count == 0 ? null : Draft(SnapshotKind.Operation, CaptureContext.None) with { Changes = changes };
        return new CaptureResult(unnumbered, coverage.Build(), _options.Time.GetElapsedTime(started));
    }

    internal async Task<CaptureResult> CommitEditAsync(List<WorkspacePath> paths, CaptureContext context, SpanEnd? end, CancellationToken cancellationToken) =>
        await CaptureAsync(paths, SnapshotKind.Operation, context, wholeTree: false, withPatch: true, cancellationToken, end).ConfigureAwait(false);

    private async Task<CaptureResult> CaptureAsync(
        List<WorkspacePath> paths, SnapshotKind kind, CaptureContext context, bool wholeTree, bool withPatch, CancellationToken cancellationToken, SpanEnd? end = null)
    {
        var started = _options.Time.GetTimestamp();
        using var running = Begin(Operation.Capture, started, cancellationToken);
        using var held = await ShareAsync(cancellationToken).ConfigureAwait(false);
        var (snapshot, coverage) = WithRoom(paths, wholeTree, () => Record(paths, kind, context, wholeTree, cancellationToken, end, new Stopclock(_options.Time, started), isFirstLook: !withPatch));
        running.Done(snapshot?.Number, snapshot?.Changes.Count ?? 0);
        KeepMemoryInBudget();
        return new CaptureResult(snapshot, coverage, _options.Time.GetElapsedTime(started))
        {
            Patch = withPatch && snapshot is not null ? Patch.Create(snapshot.Changes, _store.Contents, WithoutBlobIds) : null,
        };
    }

    /// <summary>Computes a capture and commits it, again if another process was faster. The workspace lock is held.</summary>
    private (Snapshot? Snapshot, Coverage Coverage) Record(
        List<WorkspacePath> paths, SnapshotKind kind, CaptureContext context, bool wholeTree, CancellationToken cancellationToken, SpanEnd? end = null, Stopclock? clock = null, bool isFirstLook = true) =>
        UntilRecorded(() => TryRecord(paths, kind, context, wholeTree, end, clock, isFirstLook, cancellationToken), cancellationToken);

    private (Snapshot? Snapshot, Coverage Coverage) TryRecord(
        List<WorkspacePath> paths, SnapshotKind kind, CaptureContext context, bool wholeTree, SpanEnd? end, Stopclock? clock, bool isFirstLook, CancellationToken cancellationToken)
    {
        var coverage = new CoverageBuilder();
        var scan = wholeTree ? Scan(_store.Contents, paths, coverage, end is { HasNoDeadline: true } ? Timeout.InfiniteTimeSpan : DeadlineOf(kind), cancellationToken) : null;
        var changes = scan?.Changes ?? new PathRecorder(_tree, _store.HeadTree(Branch), Reader(_store.Contents, coverage, isLimited: kind != SnapshotKind.Drift)).Record(paths);
        if (isFirstLook && paths.Count > 0)
        {
            NoteIgnored(changes, coverage);
        }

        var built = coverage.Build();
        if (changes.Count == 0 && end?.ExitCode is null)
        {
            Remember(scan, recorded: null);
            End(end);
            return (null, built);
        }

        var draft = Draft(kind, context, clock) with { Changes = changes, Coverage = built, ExitCode = end?.ExitCode, Duration = end?.Duration };
        var snapshot = _store.Append(draft, endedSpan: end?.Span);
        Remember(scan, snapshot);
        if (snapshot is not null)
        {
            Judge(snapshot);
        }

        return (snapshot, built);
    }

    /// <summary>Notes what is recorded for the first time since it was named: no scan had looked there, so it may have been there all the time.</summary>
    private void NoteIgnored(List<FileChange> changes, CoverageBuilder coverage)
    {
        var appeared = changes.FindAll(change => change.Before.IsAbsent && !change.After.IsAbsent);
        if (appeared.Count > 0)
        {
            var rules = new NamedRules(DirectoryRules.From(_tree), new WorkspaceRules(RulesRoot, GitUser()));
            appeared.FindAll(change => rules.Ignore(change.Path, change.After is FileState.Directory)).ForEach(change => coverage.Skip(change.Path, SkipReason.Ignored));
        }
    }

    private static T UntilRecorded<T>(Func<T> record, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return record();
            }
            catch (HeadMovedException) when (attempt < MaxAttempts)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (HeadMovedException e)
            {
                throw new SavepointException(
                    ErrorCode.Busy,
                    $"Nothing was recorded: {MaxAttempts} times in a row the history of these paths was another than the one the change was computed from.",
                    "Other processes record the same paths; try again. If there are none, the store contradicts itself: `savepoint verify` shows where.",
                    e);
            }
        }
    }

    // What a restore or an edit is about to overwrite is recorded whatever its size.
    private StateReader Reader(IContentSink sink, CoverageBuilder coverage, bool isLimited = true) =>
        new(_tree, sink, isLimited ? _limits : _limits with { MaxFileBytes = long.MaxValue }, coverage);

    private Snapshot Draft(SnapshotKind kind, CaptureContext context, Stopclock? clock = null) => new()
    {
        Clock = clock,
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
