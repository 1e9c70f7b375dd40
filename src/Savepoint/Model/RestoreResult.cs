namespace Savepoint.Model;

/// <summary>What a restore did, or would do, to a path.</summary>
public enum RestoreAction
{
    /// <summary>A file's bytes are written.</summary>
    Write,

    /// <summary>A file or link is deleted.</summary>
    Delete,

    /// <summary>A directory is made.</summary>
    Mkdir,

    /// <summary>A directory is removed.</summary>
    Rmdir,

    /// <summary>Only the permission bits are set.</summary>
    Chmod,

    /// <summary>A symbolic link is made.</summary>
    Symlink,
}

/// <summary>How that ended.</summary>
public enum RestoreFileResult
{
    /// <summary>The path is what it should be.</summary>
    Done,

    /// <summary>The path was left as it was.</summary>
    Unchanged,

    /// <summary>The path could not be brought to its state, so the whole restore was taken back.</summary>
    Failed,

    /// <summary>The path is as before or as it should become: another one failed, and taking the restore back failed too.</summary>
    Unknown,
}

/// <summary>One path of a restore.</summary>
/// <param name="Path">The path.</param>
/// <param name="Action">What was to be done.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Reason">Why, unless it is done; of what the target does not tell of, why it is what it is.</param>
public sealed record RestoredFile(WorkspacePath Path, RestoreAction Action, RestoreFileResult Result, string? Reason = null);

/// <summary>How a whole restore ended.</summary>
public enum RestoreEnding
{
    /// <summary>The tree is the target.</summary>
    Restored,

    /// <summary>It was only asked what would be done.</summary>
    DryRun,

    /// <summary>There was nothing to undo or redo, or the tree is the target already.</summary>
    NothingToDo,

    /// <summary>A path could not be written. The tree is as it was, if <see cref="RestoreResult.IsTakenBack"/> says so.</summary>
    Failed,

    /// <summary>What was to be inverted conflicts with later work. The tree is as it was, and nothing was recorded, unless markers were asked for.</summary>
    Conflicted,
}

/// <summary>The result of an undo, redo, rollback or revert.</summary>
public sealed record RestoreResult
{
    /// <summary>How it ended.</summary>
    public required RestoreEnding Ending { get; init; }

    /// <summary>The snapshot that records it; null unless it was carried out.</summary>
    public SnapshotNumber? Snapshot { get; init; }

    /// <summary>The snapshot whose state was brought back, or of a revert the operation that was inverted; null if there was nothing to do.</summary>
    public SnapshotNumber? Target { get; init; }

    /// <summary>Whether the target is an operation that was inverted, not a state that was brought back.</summary>
    public bool IsInversion { get; init; }

    /// <summary>Of an undo of one actor, how many operations were inverted, each by a snapshot of its own; 1 for all else. A redo of so many steps brings all of it back.</summary>
    public int StepCount { get; init; } = 1;

    /// <summary>Each path that differed, in path order.</summary>
    public IReadOnlyList<RestoredFile> Files { get; init; } = [];

    /// <summary>Where what was to be inverted conflicts with later work, in path order; empty if it does not.</summary>
    public IReadOnlyList<MergeConflict> Conflicts { get; init; } = [];

    /// <summary>Whether every path was read again afterwards and found to be the target.</summary>
    public bool IsVerified { get; init; }

    /// <summary>
    /// False only if it failed and could not be taken back either: some paths are as before, others as they should become. Whoever restores here next, or opens the
    /// workspace, tries to finish it.
    /// </summary>
    public bool IsTakenBack { get; init; } = true;

    /// <summary>The snapshot that holds what was unrecorded before; null if nothing was.</summary>
    public SnapshotNumber? Drift { get; init; }

    /// <summary>A note if git's HEAD or branch was another one at the target; null if not.</summary>
    public string? GitNote { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }
}
