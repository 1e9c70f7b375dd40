namespace Savepoint.Model;

/// <summary>Why the two sides of a merge cannot be brought together at a path.</summary>
public enum MergeConflictKind
{
    /// <summary>Both changed the same lines, or lines with no unchanged one between.</summary>
    Content,

    /// <summary>Both changed a file that is no text.</summary>
    Binary,

    /// <summary>Both changed a file that is too large to be compared by lines.</summary>
    TooLarge,

    /// <summary>Ours changed what theirs deletes.</summary>
    ModifyDelete,

    /// <summary>Ours deleted what theirs changes.</summary>
    DeleteModify,

    /// <summary>Something else stands where theirs puts an entry.</summary>
    AddAdd,

    /// <summary>Both changed the permission bits.</summary>
    Mode,

    /// <summary>Both changed where a symbolic link points.</summary>
    Symlink,

    /// <summary>Both changed what kind of entry it is, or one that and the other the entry.</summary>
    Type,

    /// <summary>Both moved it, to different places.</summary>
    Rename,

    /// <summary>A directory that holds other entries is in the way, or an entry that is none stands where one is needed.</summary>
    Directory,
}

/// <summary>A path at which two sides of a merge cannot be brought together.</summary>
/// <param name="Path">Where it is in ours.</param>
/// <param name="Kind">Why.</param>
/// <param name="Ranges">For <see cref="MergeConflictKind.Content"/>, and <see cref="MergeConflictKind.AddAdd"/> of two texts, the lines, in order; empty for the others.</param>
public sealed record MergeConflict(WorkspacePath Path, MergeConflictKind Kind, IReadOnlyList<LineConflict> Ranges)
{
    /// <summary>Of an inversion: the snapshots since the operation that changed what stands at <see cref="Path"/>, the oldest first; those before a move of it are not among them.</summary>
    public IReadOnlyList<SnapshotNumber> Others { get; init; } = [];

    /// <summary>The file in which both versions were written between markers; null where none was: what ours has stands there then.</summary>
    public WorkspacePath? MarkedPath { get; init; }

    /// <summary>Where theirs has it; null where theirs has nothing there.</summary>
    public WorkspacePath? TheirPath { get; init; }

    /// <summary>What theirs has there.</summary>
    public FileState Theirs { get; init; } = FileState.None;

    /// <summary>The snapshot that holds theirs; null of a dry run whose other side is not recorded.</summary>
    public SnapshotNumber? TheirSnapshot { get; init; }

    /// <summary>A conflict that is not about lines.</summary>
    internal MergeConflict(WorkspacePath path, MergeConflictKind kind)
        : this(path, kind, [])
    {
    }

    /// <summary>The conflict with what theirs has.</summary>
    internal MergeConflict With(WorkspacePath path, FileState theirs) => this with { TheirPath = theirs.IsAbsent ? null : path, Theirs = theirs };
}
