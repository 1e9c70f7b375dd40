using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>How applying a patch ended: wholly, or not at all.</summary>
public abstract record PatchApplyResult
{
    private PatchApplyResult()
    {
    }

    /// <summary>Every part fitted.</summary>
    /// <param name="Files">What each path held and holds, in the order in which the patch first touches them; two for a move.</param>
    public sealed record Applied(IReadOnlyList<PatchedFile> Files) : PatchApplyResult;

    /// <summary>Something did not fit, so nothing is to be done.</summary>
    /// <param name="Conflicts">Every entry that did not fit, at least one.</param>
    public sealed record Conflicted(IReadOnlyList<PatchConflict> Conflicts) : PatchApplyResult;
}

/// <summary>One path, before and after a patch.</summary>
/// <param name="Path">Which.</param>
/// <param name="Before">What the tree held.</param>
/// <param name="After">What it is to hold.</param>
/// <param name="OffsetLineCount">How far from its place the worst-placed hunk was found, in lines; 0 unless <see cref="PatchApplyOptions.MaxOffsetLineCount"/> allows more.</param>
public sealed record PatchedFile(WorkspacePath Path, FileVersion Before, FileVersion After, int OffsetLineCount);

/// <summary>Why one entry of a patch does not fit.</summary>
/// <param name="Path">The path it wants to read or write.</param>
/// <param name="HunkNumber">Which hunk, 1 for the first; 0 if it is not about one.</param>
/// <param name="Reason">What does not fit.</param>
public sealed record PatchConflict(WorkspacePath Path, int HunkNumber, PatchConflictReason Reason);

/// <summary>What does not fit.</summary>
public enum PatchConflictReason
{
    /// <summary>The file to change, move or remove is not there.</summary>
    Missing,

    /// <summary>Where a file is to be made, something stands.</summary>
    Exists,

    /// <summary>A link stands where the patch has a file, or the other way round.</summary>
    WrongKind,

    /// <summary>The lines a hunk expects are not there.</summary>
    HunkDiffers,

    /// <summary>The file is not the one that a binary patch was made from, or the patch does not say which that was.</summary>
    ContentDiffers,

    /// <summary>The file to remove holds more than the patch knows.</summary>
    HoldsMore,

    /// <summary>A binary patch contradicts itself, or would give a file beyond <see cref="PatchOptions.MaxFileBytes"/>.</summary>
    Damaged,
}

/// <summary>How exactly a patch must fit.</summary>
public sealed record PatchApplyOptions
{
    private readonly int _maxOffsetLineCount;

    /// <summary>Every hunk at its place.</summary>
    public static PatchApplyOptions Exact { get; } = new();

    /// <summary>
    /// How many lines from its place a hunk may be found: 0 by default; <see cref="int.MaxValue"/> searches the file, as
    /// <c>git apply</c> does. The hunk's lines must be there exactly, wherever they are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxOffsetLineCount
    {
        get => _maxOffsetLineCount;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _maxOffsetLineCount = value;
        }
    }
}
