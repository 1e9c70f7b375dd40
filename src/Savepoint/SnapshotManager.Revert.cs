using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Restoring;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Inverting one operation under later work: operation → three-way merge → a restore.</content>
public sealed partial class SnapshotManager
{
    /// <summary>Takes back what one operation did, and keeps all that came later, by three-way merge.</summary>
    /// <param name="operation">Its number. The last of those that compaction merged stands for all of them, as <see cref="GetSnapshot"/> shows it.</param>
    /// <param name="options">What of it, and what to do with conflicts; null for <see cref="RevertOptions.Default"/>.</param>
    /// <param name="context">Who asks for it.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    /// <returns>
    /// <see cref="RestoreEnding.Conflicted"/> where later work is in its way: nothing was recorded or written then, unless markers
    /// were asked for. <see cref="RestoreEnding.NothingToDo"/> if nothing of what it did is there any more.
    /// </returns>
    /// <exception cref="SavepointException">There is no such snapshot, it is the baseline, or it has no such hunk.</exception>
    public async Task<RestoreResult> RevertAsync(SnapshotNumber operation, RevertOptions? options = null, CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        options ??= RevertOptions.Default;
        if (options.HunkNumber is { } hunk)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(hunk, 1, nameof(options));
        }

        var started = _options.Time.GetTimestamp();
        using var held = await WorkspaceLock.ExclusiveAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        FinishInterruptedOrFail(cancellationToken);
        var snapshot = GetSnapshot(operation);
        if (snapshot.Parent is null)
        {
            throw new SavepointException(ErrorCode.NotInvertible, $"Snapshot {operation} is the baseline: there is nothing before it.", "'savepoint log' lists what came after it.");
        }

        var request = new RestoreRequest(SnapshotKind.Revert, operation, null, WholeTree: false, DryRun: false, context ?? CaptureContext.None, Clock: new Stopclock(_options.Time, started)) { IsPart = options.IsPart };
        return Invert(snapshot, options, request, cancellationToken) with { Elapsed = _options.Time.GetElapsedTime(started) };
    }

    /// <summary>
    /// Takes back the latest operations of one actor that stand, each as <see cref="RevertAsync"/> does: what others did later
    /// stays. Repeated, further back; what was undone is not undone again.
    /// </summary>
    /// <param name="whose">Whose: every name that is not null must be the operation's. The tool call has no say.</param>
    /// <param name="steps">1 or more; more than there are is as many as there are.</param>
    /// <param name="context">Who asks for it.</param>
    /// <param name="writesMarkers">Whether, where lines conflict, both versions are written between markers; that is the last step then.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    /// <remarks>
    /// If a step conflicts and markers are not asked for, none is taken. If one fails or throws, or conflicts where files were moved (a move is followed only once it is recorded),
    /// those before it are undone. Each step is a snapshot of its own: the death of the process leaves those that were taken.
    /// </remarks>
    /// <exception cref="SavepointException">The store is damaged or full, or (<see cref="ErrorCode.RestoreFailed"/>) a step failed and those before it could not be undone.</exception>
    public async Task<RestoreResult> UndoAsync(Actor whose, int steps = 1, CaptureContext? context = null, bool writesMarkers = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(whose);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if ((whose with { ToolCall = null }) == Actor.Unknown)
        {
            throw new ArgumentException("An agent, a session or a turn is needed.", nameof(whose));
        }

        var started = _options.Time.GetTimestamp();
        using var held = await WorkspaceLock.ExclusiveAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        FinishInterruptedOrFail(cancellationToken);
        var options = RevertOptions.Default with { WritesMarkers = writesMarkers };
        if (steps > 1 && !writesMarkers && ConflictAhead(whose, steps, options) is { } conflicted)
        {
            return conflicted with { Elapsed = _options.Time.GetElapsedTime(started) };
        }

        var done = new List<RestoreResult>();
        for (var taken = 0; taken < steps; taken++)
        {
            var step = StepOrNone(done, () => UndoNewest(whose, context ?? CaptureContext.None, options, cancellationToken));
            if (step is { Ending: RestoreEnding.Conflicted, Snapshot: not null })
            {
                done.Add(step);
                break;
            }

            if (step.Ending != RestoreEnding.Restored)
            {
                done = step.Ending == RestoreEnding.NothingToDo && done.Count > 0 ? done : [step];
                break;
            }

            done.Add(step);
        }

        return Together(done) with { Elapsed = _options.Time.GetElapsedTime(started) };
    }

    /// <summary>What the first step that conflicts comes to, found without a word written: each is merged with what those before it would leave. Null if none does, or if files were moved.</summary>
    private RestoreResult? ConflictAhead(Actor whose, int steps, RevertOptions options)
    {
        var head = Head!.Value;
        var left = new Dictionary<WorkspacePath, FileState>();
        var made = new Dictionary<ContentId, byte[]>();
        var taken = 0;
        foreach (var number in Standing(whose, head))
        {
            var operation = GetSnapshot(number);
            var source = new Inversion(_store, Branch, head, operation, options);
            if (taken == steps || source.HasMoves)
            {
                break;
            }

            var unrecorded = Unrecorded(source);
            unrecorded.ForEach(change => left.TryAdd(change.Path, change.After));
            var found = source.Merge(left, new MadeContents(made, new WorkingContents(_store.Contents, _tree, unrecorded)));
            if (found.Conflicts.Count > 0)
            {
                return new RestoreResult { Ending = RestoreEnding.Conflicted, Target = number, IsInversion = true, Conflicts = WithOthers(found.Conflicts, operation, head) };
            }

            foreach (var change in found.Changes.SelectMany(change => change.PerPath()))
            {
                left[change.Path] = change.After;
            }

            found.Made.ToList().ForEach(content => made[content.Key] = content.Value);
            taken += found.Changes.Count > 0 ? 1 : 0;
        }

        return null;
    }

    /// <summary>Takes a step; if that cannot be taken, those before it are undone.</summary>
    private RestoreResult StepOrNone(List<RestoreResult> done, Func<RestoreResult> take)
    {
        RestoreResult step;
        try
        {
            step = take();
        }
        catch (Exception e) when (done.Count > 0)
        {
            UndoSteps(done, e);
            throw;
        }

        if (step is { Ending: RestoreEnding.Conflicted or RestoreEnding.Failed, Snapshot: null } && done.Count > 0)
        {
            UndoSteps(done, null);
        }

        return step;
    }

    /// <exception cref="SavepointException">They cannot be undone, and stand.</exception>
    private void UndoSteps(List<RestoreResult> done, Exception? cause)
    {
        var before = _store.GetHeader(done[0].Snapshot!.Value).Parent!.Value;
        string reason;
        try
        {
            var undone = Restore(new RestoreRequest(SnapshotKind.Undo, before, null, WholeTree: false, DryRun: false, CaptureContext.None), CancellationToken.None);
            if (undone.Ending == RestoreEnding.Restored)
            {
                return;
            }

            reason = undone.Files.FirstOrDefault(file => file.Result == RestoreFileResult.Failed)?.Reason ?? "";
        }
        catch (SavepointException e)
        {
            reason = e.Message;
        }

        throw new SavepointException(
            ErrorCode.RestoreFailed,
            $"A step could not be taken{(cause is null ? "" : $" ({cause.Message.TrimEnd('.')})")}, and those before it, snapshots {done[0].Snapshot} to {done[^1].Snapshot}, could not be undone. {reason}",
            $"Mend that; then 'savepoint rollback {before}' undoes them.",
            cause);
    }

    /// <summary>Inverts the newest operation of an actor that stands; one of which nothing is there any more is passed.</summary>
    private RestoreResult UndoNewest(Actor whose, CaptureContext context, RevertOptions options, CancellationToken cancellationToken)
    {
        var head = Head!.Value;
        var redoCount = new Lazy<int>(() => Walk().RedoCountAfterActorUndo(head));
        foreach (var number in Standing(whose, head))
        {
            var request = new RestoreRequest(SnapshotKind.Revert, number, null, WholeTree: false, DryRun: false, context, redoCount.Value, new Stopclock(_options.Time, _options.Time.GetTimestamp()));
            if (Invert(GetSnapshot(number), options, request, cancellationToken) is { Ending: not RestoreEnding.NothingToDo } result)
            {
                return result;
            }
        }

        return new RestoreResult { Ending = RestoreEnding.NothingToDo };
    }

    /// <summary>An actor's operations that stand, the newest first.</summary>
    private IEnumerable<SnapshotNumber> Standing(Actor whose, SnapshotNumber head) => _store.History.FirstOf(whose) is not { } oldest ? []
        : new ActorWalk(number => _store.GetHeader(number), _store.FirstShownWith, rollback => _store.IsWhole(rollback.Number, rollback.Target!.Value)).Standing(head, whose, oldest).Select(operation => operation.Number);

    private RestoreResult Invert(Snapshot operation, RevertOptions options, RestoreRequest request, CancellationToken cancellationToken)
    {
        var head = Head!.Value;
        var result = MergeInto(new Inversion(_store, Branch, head, operation, options), options.WritesMarkers, request, cancellationToken);
        return result with { Conflicts = WithOthers(result.Conflicts, operation, head) };
    }

    /// <summary>
    /// Merges, and restores what comes of it. What is not recorded is merged with, and captured only once there is no conflict. With markers a merge is recorded even if
    /// there can be none and nothing is to be changed: that what is here was kept is its outcome, and the next begins where it ended.
    /// </summary>
    private RestoreResult MergeInto(IMergeSource source, bool writesMarkers, RestoreRequest request, CancellationToken cancellationToken)
    {
        var head = Head;
        var unrecorded = Unrecorded(source);
        var found = source.Merge(unrecorded.ToDictionary(change => change.Path, change => change.After), new WorkingContents(_store.Contents, _tree, unrecorded));
        if (found.Conflicts.Count > 0 ? !writesMarkers : found.Changes.Count == 0)
        {
            var ending = found.Conflicts.Count > 0 ? RestoreEnding.Conflicted : RestoreEnding.NothingToDo;
            return new RestoreResult { Ending = ending, Target = request.Target, IsInversion = IsInversion(request), Conflicts = found.Conflicts };
        }

        if (request.DryRun)
        {
            var (planned, left) = Plan([.. found.Changes]);
            return Result(request, found.Conflicts.Count > 0 ? RestoreEnding.Conflicted : RestoreEnding.DryRun, planned, left) with { Conflicts = found.Conflicts };
        }

        var drift = unrecorded.Count == 0 ? null
            : Record([.. unrecorded.Select(change => change.Path)], SnapshotKind.Drift, new CaptureContext { Message = $"unrecorded changes, found before {request.Kind.ToString().ToLowerInvariant()}" }, wholeTree: false, cancellationToken).Snapshot;
        var known = unrecorded.Count == 0 ? found : null;
        var result = Restore(request with { Inverted = () => Merged(source, Head == head ? known : null, writesMarkers), IsLookedAt = unrecorded.Count == 0 }, cancellationToken);
        return result with
        {
            Ending = result.Ending == RestoreEnding.Restored && found.Conflicts.Count > 0 ? RestoreEnding.Conflicted : result.Ending,
            Conflicts = found.Conflicts,
            Drift = result.Drift ?? drift?.Number,
        };
    }

    /// <summary>What the tree holds otherwise than the head, of what a merge looks at.</summary>
    private List<FileChange> Unrecorded(IMergeSource source) =>
        [.. new PathRecorder(_tree, _store.HeadTree(Branch), Reader(HashingSink.Instance, new CoverageBuilder(), isLimited: false)).Record(source.Places).SelectMany(change => change.PerPath())];

    private List<MergeConflict> WithOthers(IReadOnlyList<MergeConflict> conflicts, Snapshot operation, SnapshotNumber head) =>
        [.. conflicts.Select(conflict => conflict with { Others = _store.History.Changing(conflict.Path, operation.Number, new SnapshotNumber(head.Value + 1)) })];

    private static bool IsInversion(RestoreRequest request) => request.Kind == SnapshotKind.Revert;

    /// <summary>What a merge changes in the head, its contents being in the store from then on.</summary>
    /// <param name="source">What is merged.</param>
    /// <param name="known">What comes of it, if that was found out with this very head and nothing unrecorded; null to merge now.</param>
    /// <param name="writesMarkers">Whether conflicts are written.</param>
    private List<FileChange> Merged(IMergeSource source, TreeMergeResult? known, bool writesMarkers)
    {
        var merged = known ?? source.Merge(new Dictionary<WorkspacePath, FileState>(), _store.Contents);
        if (merged.Conflicts.Count > 0 && !writesMarkers)
        {
            throw new SavepointException(ErrorCode.Busy, $"{PathQuoting.Quote(merged.Conflicts[0].Path.Bytes)} was changed meanwhile by another process.", "Repeat the command.");
        }

        foreach (var change in merged.Changes.Where(change => change.After.ContentId is { } id && merged.Made.ContainsKey(id)))
        {
            Keep(change.After.ContentId!.Value, merged.Made[change.After.ContentId.Value], change.Before.ContentId);
        }

        // Before the journal names them: whoever carries on after us has to find them.
        _store.Contents.Commit(() => true);
        return [.. merged.Changes];
    }

    private void Keep(ContentId id, byte[] content, ContentId? previous)
    {
        if (content.Length <= ContentStore.MaxWholeBytes)
        {
            _store.Contents.Add(id, content, previous);
        }
        else
        {
            _store.Contents.Add(new MemoryStream(content, writable: false));
        }
    }

    /// <summary>Several steps as one answer: that of the last, with the paths of all.</summary>
    private static RestoreResult Together(List<RestoreResult> steps) => steps[^1] with
    {
        Files = [.. steps.AsEnumerable().Reverse().SelectMany(step => step.Files).DistinctBy(file => file.Path).OrderBy(file => file.Path)],
        StepCount = steps.Count,
        IsVerified = steps.TrueForAll(step => step.IsVerified),
        Drift = steps.Find(step => step.Drift is not null)?.Drift,
    };
}
