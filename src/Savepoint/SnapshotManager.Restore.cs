using Savepoint.Diagnostics;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Restoring;
using Savepoint.Storage;
using Savepoint.Workspaces;

namespace Savepoint;

/// <content>Restoring: revision → target states → plan → tree → a new snapshot.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// For how long a restore begins again because another process writes to the same paths. Large restores, of which few fit into it, begin
    /// <see cref="MinRestoreAttempts"/> times all the same. Beside six processes that write all the time, one undo in two hundred needs more than five.
    /// </summary>
    private static readonly TimeSpan MaxRestoreRepetition = TimeSpan.FromSeconds(10);

    private const int MinRestoreAttempts = 5;

    private static readonly FileState AnyFile = new FileState.Regular(UnixMode.DefaultFile, default, 0);

    /// <summary>Steps back: the tree becomes what it was before the last <paramref name="steps"/> operations not yet undone.</summary>
    /// <param name="steps">1 or more; further back than there are operations is as far as there are.</param>
    /// <param name="context">Who asks for it.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    /// <remarks>Only paths that those operations changed are written. What differs there from the record is captured first.</remarks>
    public Task<RestoreResult> UndoAsync(int steps = 1, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return WalkAsync(SnapshotKind.Undo, (walk, head) => walk.Undo(head, steps), context, cancellationToken);
    }

    /// <summary>Steps forward again, after undos that nothing but undos and redos followed.</summary>
    /// <inheritdoc cref="UndoAsync(int, CaptureContext?, CancellationToken)"/>
    public Task<RestoreResult> RedoAsync(int steps = 1, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return WalkAsync(SnapshotKind.Redo, (walk, head) => walk.Redo(head, steps), context, cancellationToken);
    }

    /// <summary>Makes the tree, or some paths of it, what it was at <paramref name="target"/>.</summary>
    /// <param name="target">A snapshot.</param>
    /// <param name="paths">Entries to restore, each with all below it; null for the whole tree.</param>
    /// <param name="dryRun">True: say what would be done, and do nothing.</param>
    /// <param name="context">Who asks for it.</param>
    /// <param name="cancellationToken">Ends the scan; once files are written it is ignored.</param>
    /// <exception cref="SavepointException">There is no such snapshot, something in the way cannot be recorded, or the store has lost what was to be brought back.</exception>
    /// <returns>What was done; <see cref="RestoreEnding.NothingToDo"/>, and nothing is recorded, where the tree is the target already.</returns>
    public Task<RestoreResult> RollbackAsync(
        SnapshotNumber target, IEnumerable<WorkspacePath>? paths = null, bool dryRun = false, CaptureContext? context = null, CancellationToken cancellationToken = default) =>
        GoBackAsync(target, paths, dryRun, context, mayBeNothing: true, cancellationToken);

    /// <summary>As <see cref="RollbackAsync"/>; unless it may be nothing, that it was gone back to is recorded though the tree may be the target already.</summary>
    internal async Task<RestoreResult> GoBackAsync(
        SnapshotNumber target, IEnumerable<WorkspacePath>? paths, bool dryRun, CaptureContext? context, bool mayBeNothing, CancellationToken cancellationToken)
    {
        var within = paths is null ? null : Checked(paths);
        var started = _options.Time.GetTimestamp();
        using var held = await WorkspaceLock.ExclusiveAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        var request = new RestoreRequest(SnapshotKind.Rollback, target, within, WholeTree: true, dryRun, context ?? CaptureContext.None, Clock: new Stopclock(_options.Time, started)) { MayBeNothing = mayBeNothing };
        return Restore(request, cancellationToken) with { Elapsed = _options.Time.GetElapsedTime(started) };
    }

    private async Task<RestoreResult> WalkAsync(SnapshotKind kind, Func<UndoWalk, SnapshotNumber, UndoStep?> step, CaptureContext? context, CancellationToken cancellationToken)
    {
        var started = _options.Time.GetTimestamp();
        using var held = await WorkspaceLock.ExclusiveAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        FinishInterruptedOrFail(cancellationToken); // which may be a step itself
        var target = _store.ReadConsistently(() => Head is { } head ? step(Walk(), head) : null);
        var result = target is { } found
            ? Restore(new RestoreRequest(kind, found.Target, null, WholeTree: false, DryRun: false, context ?? CaptureContext.None, found.RedoCount, new Stopclock(_options.Time, started)) { State = found.State }, cancellationToken)
            : new RestoreResult { Ending = RestoreEnding.NothingToDo };
        return result with { Elapsed = _options.Time.GetElapsedTime(started) };
    }

    private UndoWalk Walk() => new(number => _store.GetHeader(number), _store.IsIdle);

    /// <summary>The parts of docs/design/restore.md in their order. The workspace lock is held exclusively.</summary>
    private RestoreResult Restore(RestoreRequest request, CancellationToken cancellationToken)
    {
        if (request.DryRun)
        {
            var (planned, left) = Plan(WantedOfTree(request, Wanted(request), cancellationToken));
            return Result(request, RestoreEnding.DryRun, planned, left);
        }

        FinishInterruptedOrFail(cancellationToken);
        SnapshotNumber? drift = null;
        var started = _options.Time.GetTimestamp();
        var wanted = Wanted(request); // a target that is not there is no failed restore
        request = request.WholeTree || request.Inverted is not null ? request : request with { OnlyAt = [.. wanted.Select(change => change.Path)] };
        using var running = Begin(Operation.Restore, request.Clock?.Started ?? started, cancellationToken);
        for (var attempt = 1; ; attempt++, wanted = Wanted(request))
        {
            (SnapshotNumber? Snapshot, IReadOnlyList<SkippedEntry> Skipped) found = attempt == 1 && request.IsLookedAt ? (null, []) : CaptureDrift(request, wanted, cancellationToken);
            if (found.Snapshot is not null)
            {
                drift = found.Snapshot;
                wanted = Wanted(request);
            }

            var (plan, kept) = Plan(wanted);
            if (Unread(request, found.Skipped) is [_, ..] unread)
            {
                return Refused(request, plan, unread) with { Drift = drift };
            }

            if (request.MayBeNothing && plan.Steps.Count == 0)
            {
                return WithLeft(Result(request, RestoreEnding.NothingToDo, plan, kept), request, found.Skipped) with { Drift = drift };
            }

            var draft = Draft(request.Kind, request.Context, request.Clock) with { Target = request.IsPart ? null : request.Target, RedoCount = request.RedoCount };
            var pending = _store.Journal.Begin(draft, plan.Steps);
            var outcome = Restorer().Run(plan, pending.Id);
            if (outcome == RestoreOutcome.Done)
            {
                var snapshot = Commit(pending);
                running.Done(snapshot, plan.Steps.Count);
                return WithLeft(Result(request, RestoreEnding.Restored, plan, kept), request, found.Skipped) with { Snapshot = snapshot, Drift = drift };
            }

            if (outcome.IsTakenBack)
            {
                Abandon(pending);
            }

            RefuseDamage(outcome);
            if (!outcome.ChangedMeanwhile || !outcome.IsTakenBack || (attempt >= MinRestoreAttempts && _options.Time.GetElapsedTime(started) > MaxRestoreRepetition))
            {
                return Result(request, RestoreEnding.Failed, plan, kept, outcome) with { Drift = drift };
            }
        }
    }

    /// <summary>What fails because of the store is no failure of the path, and no permission or disk space mends it.</summary>
    private static void RefuseDamage(RestoreOutcome outcome)
    {
        if (outcome is { IsDamaged: true, IsTakenBack: true })
        {
            throw new SavepointException(
                ErrorCode.Damaged, $"{PathQuoting.Quote(outcome.FailedPath!.Value.Bytes)} cannot be brought back: {outcome.Reason?.TrimEnd('.')}. No file was changed.", "'savepoint repair' brings back what stands anywhere else, and lists what is lost.");
        }
    }

    /// <summary>What differs between the head and the target, with the directories that restored entries need.</summary>
    private List<FileChange> Wanted(RestoreRequest request) => request.Inverted is { } inverted ? inverted() : _store.ReadConsistently(() =>
    {
        var head = Head!.Value;
        var changes = _store.Between(head, request.State);
        if (request.Within is { } within)
        {
            changes.RemoveAll(change => !within.Exists(change.Path.IsWithin));
        }

        if (request.OnlyAt is { } only && changes.Exists(change => !only.Contains(change.Path)))
        {
            KeepOnly(changes, only);
        }

        _store.SettleUnknown(changes, head, request.State);
        var known = changes.Select(change => change.Path).ToHashSet();
        var directories = changes.Where(change => !change.After.IsAbsent).SelectMany(change => change.Path.Ancestors()).Distinct().Where(path => !known.Contains(path));
        foreach (var (path, before) in _store.StatesAt(head, [.. directories]).Where(pair => pair.Value is not FileState.Directory))
        {
            changes.Add(new FileChange(path, before, _store.StateAt(request.State, path)));
        }

        return changes;
    });

    /// <summary>Drift was found with the paths of an undo: what is in their way, above and below, has to give way, and all else is none of the undo's.</summary>
    private static void KeepOnly(List<FileChange> changes, HashSet<WorkspacePath> only)
    {
        var above = only.SelectMany(path => path.Ancestors()).ToHashSet();
        var replaced = changes.Where(change => only.Contains(change.Path) && change.After is FileState.Regular or FileState.Symlink).Select(change => change.Path).ToHashSet();
        changes.RemoveAll(change => !only.Contains(change.Path)
            && !(above.Contains(change.Path) && change.After is FileState.Directory && change.Before is not FileState.Directory)
            && !change.Path.Ancestors().Any(replaced.Contains));
    }

    /// <summary>What a rollback would change in the tree as it is now, unrecorded changes included, without recording them.</summary>
    private List<FileChange> WantedOfTree(RestoreRequest request, List<FileChange> wanted, CancellationToken cancellationToken)
    {
        var coverage = new CoverageBuilder();
        var scanned = Scan(HashingSink.Instance, [], coverage, Timeout.InfiniteTimeSpan, cancellationToken).Changes;
        var larger = new PathRecorder(_tree, _store.HeadTree(Branch), Reader(HashingSink.Instance, new CoverageBuilder(), isLimited: false)).Record(LargerThanLimit(coverage.Build(), request.State));
        var ignored = coverage.Build().Skipped.Where(entry => entry.Reason == SkipReason.Ignored).Select(entry => entry.Path).ToHashSet(); // which a rollback leaves
        var unrecorded = scanned.Concat(larger)
            .SelectMany(change => change.PerPath())
            .Where(change => (request.Within is not { } within || within.Exists(change.Path.IsWithin)) && !change.Path.Ancestors().Append(change.Path).Any(ignored.Contains))
            .ToDictionary(change => change.Path);
        var fromTree = wanted.ConvertAll(change => unrecorded.Remove(change.Path, out var found) ? change with { Before = found.After } : change);

        // Where only the tree differs, the target is what the head holds.
        fromTree.AddRange(unrecorded.Values.Select(change => change.Reverse()));
        return fromTree;
    }

    /// <summary>Records what stands in the restore's way and is not recorded: its snapshot, or null if nothing; and what could not be recorded.</summary>
    private (SnapshotNumber? Snapshot, IReadOnlyList<SkippedEntry> Skipped) CaptureDrift(RestoreRequest request, List<FileChange> wanted, CancellationToken cancellationToken)
    {
        var context = new CaptureContext { Message = $"unrecorded changes, found before {request.Kind.ToString().ToLowerInvariant()}" };
        SnapshotNumber? drift = null;
        IReadOnlyList<SkippedEntry> skipped = [];
        IReadOnlyList<WorkspacePath> larger = [];
        if (request.WholeTree)
        {
            var (found, coverage) = Record([], SnapshotKind.Drift, context, wholeTree: true, cancellationToken);
            drift = found?.Number;
            skipped = coverage.Skipped;
            wanted = drift is null ? wanted : Wanted(request);
            larger = LargerThanLimit(coverage, request.State);
        }

        // The paths to be written count even if they are ignored, and so does all that a directory holds which a file replaces.
        var recorder = new PathRecorder(_tree, _store.HeadTree(Branch), Reader(HashingSink.Instance, new CoverageBuilder()));
        var replaced = wanted.Where(change => change.After is FileState.Regular or FileState.Symlink && _tree.Stat(change.Path) is { IsDirectory: true }).SelectMany(change => recorder.AllBelow(change.Path));
        var paths = wanted.Select(change => change.Path).Concat(replaced).Union(larger).ToList();
        return (Record(paths, SnapshotKind.Drift, context, wholeTree: false, cancellationToken).Snapshot?.Number ?? drift, skipped);
    }

    /// <summary>The plan, and the directories that should go but hold entries which are none of its business, or that nobody can read.</summary>
    private (RestorePlan Plan, List<RestoredFile> Kept) Plan(List<FileChange> wanted) => Plan(wanted, _tree, Head!.Value);

    private (RestorePlan Plan, List<RestoredFile> Kept) Plan(List<FileChange> wanted, WorkspaceTree tree, SnapshotNumber head)
    {
        var going = wanted.Where(change => change.After.IsAbsent).Select(change => change.Path).ToHashSet();
        var kept = new Dictionary<WorkspacePath, RestoredFile>();
        foreach (var change in wanted.Where(change => change is { Before: FileState.Directory, After.IsAbsent: true }).OrderByDescending(change => change.Path))
        {
            if (WhyItStays(tree, change.Path, going) is { } reason)
            {
                going.Remove(change.Path);
                kept.Add(change.Path, new RestoredFile(change.Path, RestoreAction.Rmdir, RestoreFileResult.Unchanged, reason));
            }
        }

        var parents = _store.StatesAt(head, [.. wanted.Select(change => change.Path.Parent).Distinct()]);
        return (RestorePlan.Create(wanted.Where(change => !kept.ContainsKey(change.Path)), parents), [.. kept.Values]);
    }

    private Restorer Restorer() => new(_tree, _layers, ReadNow, _options.Durability == Durability.Disk);

    /// <summary>What stands at a path, for a restore: null for anything that could not be brought back.</summary>
    private FileState? ReadNow(WorkspacePath path) => ReadNow(_tree, path);

    private FileState? ReadNow(WorkspaceTree tree, WorkspacePath path)
    {
        // A restore looks at every path, however large: no limit applies. Most are files, which are read without a stat of their names first.
        var reader = new StateReader(tree, HashingSink.Instance, _limits with { MaxFileBytes = long.MaxValue }, new CoverageBuilder());
        var state = reader.Read(path, AnyFile);
        return state is { IsAbsent: true } && tree.Stat(path) is { Type: EntryType.Fifo or EntryType.Socket or EntryType.Device } ? null : state;
    }

    private RestoreResult Result(RestoreRequest request, RestoreEnding ending, RestorePlan plan, List<RestoredFile> kept, RestoreOutcome? failure = null)
    {
        // A directory that is only opened for the restore and closed again is none of its paths, unless that is what failed.
        var files = plan.Steps.Where(step => step.Before != step.After || step.Path == failure?.FailedPath).Select(step => failure switch
        {
            null => new RestoredFile(step.Path, RestoreActions.Of(step), RestoreFileResult.Done),
            { FailedPath: { } failed } when failed == step.Path => new RestoredFile(step.Path, RestoreActions.Of(step), RestoreFileResult.Failed, failure.Reason),
            { IsTakenBack: false } => new RestoredFile(step.Path, RestoreActions.Of(step), RestoreFileResult.Unknown, "the restore failed and could not be taken back"),
            _ => new RestoredFile(step.Path, RestoreActions.Of(step), RestoreFileResult.Unchanged, "the restore was taken back"),
        });
        return new RestoreResult
        {
            Ending = ending,
            Target = request.Target,
            IsInversion = IsInversion(request),
            IsTakenBack = failure?.IsTakenBack ?? true,
            Files = [.. files.Concat(kept).OrderBy(file => file.Path)],
            GitNote = request.Kind is SnapshotKind.Revert or SnapshotKind.Merge ? null : GitNote(request.Target),
        };
    }

    private sealed record RestoreRequest(SnapshotKind Kind, SnapshotNumber Target, List<WorkspacePath>? Within, bool WholeTree, bool DryRun, CaptureContext Context, int RedoCount = 0, Stopclock? Clock = null)
    {
        /// <summary>The snapshot whose state the paths are to have; <see cref="UndoStep.State"/>.</summary>
        public SnapshotNumber State { get; init; } = Target;

        /// <summary>For a revert or merge: what it changes in the head, computed anew each time.</summary>
        public Func<List<FileChange>>? Inverted { get; init; }

        /// <summary>
        /// For a revert or merge: whether all that it may change has just been found to be as it is recorded. What changes all the same is seen before anything is written, and
        /// captured before the next attempt.
        /// </summary>
        public bool IsLookedAt { get; init; }

        /// <summary>For an undo or redo: the paths that it changes; null before they are known.</summary>
        public HashSet<WorkspacePath>? OnlyAt { get; init; }

        /// <summary>Whether nothing is recorded where the tree is the target already: who asks for that has nothing to undo.</summary>
        public bool MayBeNothing { get; init; }

        /// <summary>For a revert: whether it inverts only a part of its target.</summary>
        public bool IsPart { get; init; }
    }
}
