using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Restoring;

/// <summary>
/// Carries a plan out on the tree (docs/design/restore.md, parts 4 to 6). Every method may be repeated after a crash: a
/// step that is done is seen to be done.
/// </summary>
internal sealed class Restorer(WorkspaceTree tree, IContentSource contents, Func<WorkspacePath, FileState?> readNow, bool syncFiles)
{
    private const int OwnerAll = 0b111_000_000;

    // Below this, other threads cost more than they read and write.
    private const int MinParallelCount = 64;

    // What the last look found at each path: a file that is another by the time it is replaced has to be recorded first.
    private readonly ConcurrentDictionary<WorkspacePath, EntryStat> _seen = [];
    private readonly StagedFiles _staged = new(tree, readNow);

    /// <summary>
    /// Takes the tree from before to after, or leaves it as it was.
    /// </summary>
    /// <returns>What became of each path; with a failure in it, all is as before.</returns>
    public RestoreOutcome Run(RestorePlan plan, long restoreId)
    {
        if (TryApply(plan, restoreId, takesBack: false) is not { } failure)
        {
            return RestoreOutcome.Done;
        }

        _staged.CleanUp(plan, restoreId);
        var secondFailure = TryApply(plan.Reverse(), restoreId, takesBack: true);
        var isClean = _staged.CleanUp(plan, restoreId);
        return new RestoreOutcome(failure.Path, failure.Reason, IsTakenBack: secondFailure is null && isClean, failure.Code == ErrorCode.Busy) { IsDamaged = failure.Code == ErrorCode.Damaged };
    }

    /// <inheritdoc cref="StagedFiles.CleanUp"/>
    public void CleanUp(RestorePlan plan, long restoreId) => _staged.CleanUp(plan, restoreId);

    /// <summary>Whether a state that a crash may leave between <paramref name="step"/>'s two is what stands there.</summary>
    public static bool IsBetween(RestoreStep step, FileState now) => (step.Before, step.After, now) switch
    {
        (_, { IsAbsent: false }, { IsAbsent: true }) when RestorePlan.IsRemoved(step) => true, // removed, not yet written
        (_, _, FileState.Directory open) when step.Before is FileState.Directory before && open == Opened(before) => true,
        (_, _, FileState.Directory open) when step.After is FileState.Directory after && open == Opened(after) => true,
        _ => false,
    };

    // Where it takes an attempt back, what somebody else changed meanwhile is left to them.
    private (WorkspacePath Path, string Reason, ErrorCode Code)? TryApply(RestorePlan plan, long restoreId, bool takesBack)
    {
        var at = WorkspacePath.Root;
        var found = new ConcurrentDictionary<WorkspacePath, Standing>();
        void Each(IEnumerable<RestoreStep> steps, Action<RestoreStep> act)
        {
            foreach (var step in steps)
            {
                at = step.Path;
                try
                {
                    act(step);
                }
                catch (SavepointException e) when (takesBack && e is { Code: ErrorCode.Busy })
                {
                    found[step.Path] = Standing.Foreign;
                }
            }
        }

        // For what each step does by itself. The first that failed, in their order, fails all, as if they had been done one by one.
        void Many(IReadOnlyList<RestoreStep> steps, Action<RestoreStep> act)
        {
            if (steps.Count < MinParallelCount)
            {
                Each(steps, act);
                return;
            }

            var failures = new ConcurrentDictionary<WorkspacePath, ExceptionDispatchInfo>();
            InParallel(steps, step =>
            {
                try
                {
                    act(step);
                }
                catch (SavepointException e)
                {
                    failures[step.Path] = ExceptionDispatchInfo.Capture(e);
                }
            });
            Each(steps.Where(step => failures.ContainsKey(step.Path)), step => failures[step.Path].Throw());
        }

        try
        {
            // What may be written into is opened before anything is looked at: a folder closed to us hides what it holds.
            Each(plan.Steps, Open);
            bool IsToDo(RestoreStep step) => found[step.Path] == Standing.ToDo;
            Many(plan.Steps, step => found[step.Path] = Look(step, takesBack));
            var index = plan.Steps.Select((step, i) => (step.Path, i)).ToDictionary(entry => entry.Path, entry => entry.i);

            WorkspacePath StagedPath(RestoreStep step) => StagedFiles.PathOf(plan, index[step.Path], restoreId, takesBack);

            Many([.. plan.Writes.Where(IsToDo)], step => Stage(step, StagedPath(step)));
            Each(plan.Removals.Where(IsToDo), step => Remove(step, StagedPath(step)));
            Each(plan.Steps.Where(IsToDo), step => Put(step, StagedPath(step)));
            if (syncFiles)
            {
                Each(plan.Steps.DistinctBy(step => step.Path.Parent).Where(step => tree.Stat(step.Path.Parent) is { IsDirectory: true }), step => tree.Sync(step.Path.Parent));
            }

            // The deepest folders first, so that what a folder holds is checked before the folder is closed.
            var own = plan.Steps.Where(step => found[step.Path] != Standing.Foreign).ToLookup(step => step.After is FileState.Directory);
            Many([.. own[false]], Check);
            Each(own[true].Reverse(), step =>
            {
                SetFinalMode(step);
                Check(step);
            });
            return null;
        }
        catch (SavepointException e)
        {
            return (at, $"{e.Message} {e.Hint}", e.Code);
        }
    }

    private static void InParallel(IReadOnlyList<RestoreStep> steps, Action<RestoreStep> act)
    {
        try
        {
            Parallel.ForEach(steps, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, act);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // as one thread alone would have thrown it
        }
    }

    private Standing Look(RestoreStep step, bool takesBack)
    {
        _seen.TryRemove(step.Path, out _);
        if (tree.Stat(step.Path) is { IsDirectory: false } stat)
        {
            _seen[step.Path] = stat;
        }

        var now = readNow(step.Path);
        return now switch
        {
            not null when now == step.After && step.Before != step.After => Standing.Done,
            not null when now == step.Before || IsBetween(step, now) => Standing.ToDo,
            _ when takesBack => Standing.Foreign,
            null => throw Unrecordable(step.Path),
            _ => throw ChangedMeanwhile(step.Path),
        };
    }

    private void Open(RestoreStep step)
    {
        if (step.Before is FileState.Directory before && before != Opened(before) && tree.Stat(step.Path) is { IsDirectory: true } now && now.Mode == before.Mode)
        {
            tree.SetMode(step.Path, Opened(before).Mode);
        }
    }

    private void Stage(RestoreStep step, WorkspacePath staged)
    {
        if (step.After is FileState.Symlink link)
        {
            tree.DeleteFile(staged); // left by a process that died
            tree.MakeSymlink(staged, contents.Read(link.Target));
            return;
        }

        var file = (FileState.Regular)step.After;
        using var stream = Create(staged);
        if (step.Before is FileState.Regular && _seen.TryGetValue(step.Path, out var seen) && seen.IsFile)
        {
            tree.CopyOwnership(step.Path, staged);
        }

        contents.CopyTo(file.Content, stream);
        stream.SetMode(file.Mode); // last, as a new owner and new bytes each take the bits away that lend an owner's rights
        if (syncFiles)
        {
            stream.SyncToDisk();
        }
    }

    private TreeFileStream Create(WorkspacePath staged)
    {
        try
        {
            return tree.CreateNew(staged);
        }
        catch (SavepointException) when (tree.Stat(staged) is not null)
        {
            tree.DeleteFile(staged); // left by a process that died
            return tree.CreateNew(staged);
        }
    }

    private void Remove(RestoreStep step, WorkspacePath staged)
    {
        if (step.Before is not FileState.Directory)
        {
            RemoveFile(step, staged);
        }
        else if (!tree.RemoveDirectory(step.Path))
        {
            throw new SavepointException(ErrorCode.RestoreFailed, $"{PathQuoting.Quote(step.Path.Bytes)} holds entries that are not recorded.", "Move them away, or record them with 'savepoint capture PATH'.");
        }
    }

    // Out of its place first, then looked at, then deleted: what another process writes up to the last moment is seen.
    private void RemoveFile(RestoreStep step, WorkspacePath staged)
    {
        if (tree.Stat(step.Path) is not { } now)
        {
            return;
        }

        if (!IsAsSeen(step, now) || !tree.TryRenameNew(step.Path, staged))
        {
            throw ChangedMeanwhile(step.Path);
        }

        if (tree.Stat(staged) is { } removed && !IsAsSeen(step, removed))
        {
            tree.TryRenameNew(staged, step.Path);
            throw ChangedMeanwhile(step.Path);
        }

        tree.DeleteFile(staged);
    }

    private void Put(RestoreStep step, WorkspacePath staged)
    {
        if (RestorePlan.IsWritten(step))
        {
            Rename(step, staged);
        }
        else if (step is { After: FileState.Directory directory, Before: not FileState.Directory } && tree.Stat(step.Path) is null)
        {
            tree.MakeDirectory(step.Path, Opened(directory).Mode);
        }
        else if (step.After is FileState.Regular file)
        {
            SetMode(step.Path, file.Mode);
        }
    }

    private void Rename(RestoreStep step, WorkspacePath staged)
    {
        if (!_seen.ContainsKey(step.Path))
        {
            // Where nothing stood, something may stand by now.
            if (!tree.TryRenameNew(staged, step.Path))
            {
                throw ChangedMeanwhile(step.Path);
            }
        }
        else if (!tree.TryExchange(staged, step.Path))
        {
            tree.Rename(staged, step.Path);
        }
        else if (tree.Stat(staged) is { } replaced && !IsAsSeen(step, replaced))
        {
            if (!tree.TryExchange(staged, step.Path))
            {
                tree.TryRenameNew(staged, step.Path);
            }

            throw ChangedMeanwhile(step.Path);
        }
        else
        {
            tree.DeleteFile(staged);
        }
    }

    // Its time of change is another once it was renamed.
    private bool IsAsSeen(RestoreStep step, in EntryStat now) =>
        _seen.TryGetValue(step.Path, out var seen) && seen.Inode == now.Inode && seen.SizeBytes == now.SizeBytes && seen.ModifiedNs == now.ModifiedNs;

    private void SetFinalMode(RestoreStep step)
    {
        if (step.After is FileState.Directory directory && tree.Stat(step.Path) is { IsDirectory: true } now && now.Mode != directory.Mode)
        {
            SetMode(step.Path, directory.Mode);
        }
    }

    private void SetMode(WorkspacePath path, UnixMode mode)
    {
        tree.SetMode(path, mode);
        try
        {
            if (syncFiles)
            {
                tree.Sync(path);
            }
        }
        catch (SavepointException e) when (e.Code == ErrorCode.PermissionDenied)
        {
            // Its mode closes it to us, and what cannot be opened cannot be synced.
        }
    }

    private void Check(RestoreStep step)
    {
        if (readNow(step.Path) != step.After)
        {
            throw ChangedMeanwhile(step.Path);
        }
    }

    /// <summary>A directory's mode while things are put into it.</summary>
    private static FileState.Directory Opened(FileState.Directory directory) => new(new UnixMode(directory.Mode.Bits | OwnerAll));

    private static SavepointException ChangedMeanwhile(WorkspacePath path) =>
        new(ErrorCode.Busy, $"{PathQuoting.Quote(path.Bytes)} was changed meanwhile by another process.", "Repeat the command; what is there is captured first.");

    private static SavepointException Unrecordable(WorkspacePath path) =>
        new(ErrorCode.RestoreFailed, $"{PathQuoting.Quote(path.Bytes)} is something that cannot be recorded, so it is not replaced.", "Move it away and repeat the command.");

    /// <summary>What a step's path was found to hold.</summary>
    private enum Standing
    {
        /// <summary>The state before, or one on the way from it.</summary>
        ToDo,

        /// <summary>The state after.</summary>
        Done,

        /// <summary>Neither: someone else changed it.</summary>
        Foreign,
    }
}
