namespace Savepoint.Model;

/// <summary>What made a snapshot.</summary>
public enum SnapshotKind
{
    /// <summary>The first of a store: the whole tree as <c>init</c> found it.</summary>
    Baseline,

    /// <summary>An edit, a command, or whatever a capture found.</summary>
    Operation,

    /// <summary>Unrecorded changes that a restore found in its way, or an edit before it began.</summary>
    Drift,

    /// <summary>Steps back.</summary>
    Undo,

    /// <summary>Steps forward again.</summary>
    Redo,

    /// <summary>The tree, or some paths, taken to an earlier state.</summary>
    Rollback,

    /// <summary>One operation inverted, all later work kept.</summary>
    Revert,

    /// <summary>Another branch's changes brought in.</summary>
    Merge,
}

/// <summary>
/// One numbered entry of the history: what changed, who did it, what was looked at. Immutable; numbered by the store.
/// </summary>
public sealed record Snapshot
{
    /// <summary>Its number; 0 until the store has given one.</summary>
    public SnapshotNumber Number { get; init; }

    /// <summary>The branch's head before it; null for the baseline.</summary>
    public SnapshotNumber? Parent { get; init; }

    /// <summary>The branch it was made on.</summary>
    public required string Branch { get; init; }

    /// <summary>What made it.</summary>
    public required SnapshotKind Kind { get; init; }

    /// <summary>When it was recorded, by the clock of the machine. Order comes from numbers, never from this.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who made the change.</summary>
    public Actor Actor { get; init; } = Actor.Unknown;

    /// <summary>The tool that made it, as its client names it; null where unknown.</summary>
    public string? Tool { get; init; }

    /// <summary>A line for people; null if none was given.</summary>
    public string? Message { get; init; }

    /// <summary>What changed, in path order. Empty for a rollback that found the tree as it should be.</summary>
    public required IReadOnlyList<FileChange> Changes { get; init; }

    /// <summary>What was looked at.</summary>
    public Coverage Coverage { get; init; } = Coverage.Empty;

    /// <summary>How many operations it stands for: 1, or more once compaction merged some into it.</summary>
    public int OperationCount { get; init; } = 1;

    /// <summary>The oldest of those that compaction merged into it; null if none were.</summary>
    public SnapshotNumber? MergedFrom { get; init; }

    /// <summary>For an undo, redo or rollback: the snapshot whose state it brought back. For a revert: the operation it inverted as a whole; null if in part.</summary>
    public SnapshotNumber? Target { get; init; }

    /// <summary>For an undo, also one of an actor's operation, which is a revert, or a redo: how many operations can be redone after it; 0 for everything else.</summary>
    public int RedoCount { get; init; }

    /// <summary>The exit code of the command that <c>run</c> recorded; null otherwise.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How long that command ran; null otherwise.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// How long recording it took, or restoring, until its commit began; null where nobody measured it: in stores of old,
    /// and for a restore that another process finished. No part of the record's hash, since it says nothing of the tree.
    /// </summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>Git's HEAD when it was recorded; null outside a git repository.</summary>
    public GitHead? Git { get; init; }

    /// <summary>On a draft: what measures <see cref="Elapsed"/>, read as late as it can be. Null: nobody does.</summary>
    internal Stopclock? Clock { get; init; }
}

/// <summary>Where git stood: the commit that HEAD leads to, and the branch it names.</summary>
/// <param name="Commit">The commit's hexadecimal id; null before the first commit.</param>
/// <param name="Branch">The branch's short name; null when HEAD is detached.</param>
public sealed record GitHead(string? Commit, string? Branch);
