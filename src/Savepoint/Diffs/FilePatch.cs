using System.Diagnostics.CodeAnalysis;
using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// What a patch does to one file or symbolic link: make it, remove it, change its content or mode, move it. Immutable.
/// The content's change is either <see cref="Hunks"/> or <see cref="Binary"/>; both are missing where the content stays,
/// and where the file is empty on the side on which it exists.
/// </summary>
public sealed record FilePatch
{
    /// <summary>Where it stood; null if the patch makes it.</summary>
    public WorkspacePath? OldPath { get; init; }

    /// <summary>Where it will stand; null if the patch removes it.</summary>
    public WorkspacePath? NewPath { get; init; }

    /// <summary>Its kind and mode before; <see cref="GitFileMode.Unknown"/> if it did not exist or a parsed patch does not say.</summary>
    public GitFileMode OldMode { get; init; }

    /// <summary>Its kind and mode after.</summary>
    public GitFileMode NewMode { get; init; }

    /// <summary>The name git gives the old content: all zeros for none, null for not known.</summary>
    public GitBlobId? OldBlob { get; init; }

    /// <summary>The name git gives the new content.</summary>
    public GitBlobId? NewBlob { get; init; }

    /// <summary>The text hunks, in order, not overlapping. Empty unless the content changes as text.</summary>
    public IReadOnlyList<Hunk> Hunks { get; init; } = [];

    /// <summary>The content's change if it is not text; otherwise null.</summary>
    public BinaryPatch? Binary { get; init; }

    /// <summary>For a move, how much of the content stays, 0 to 100; null where not known. It only informs.</summary>
    public int? SimilarityPercent { get; init; }

    /// <summary>Whether the patch makes the file.</summary>
    [MemberNotNullWhen(false, nameof(OldPath))]
    [MemberNotNullWhen(true, nameof(NewPath))]
    public bool IsCreation => OldPath is null && NewPath is not null;

    /// <summary>Whether the patch removes the file.</summary>
    public bool IsDeletion => NewPath is null;

    /// <summary>Whether the file moves.</summary>
    public bool IsRename => OldPath is { } old && NewPath is { } path && old != path;

    /// <summary>Whether the content changes.</summary>
    public bool ChangesContent => Hunks.Count > 0 || Binary is not null;

    /// <summary>The path to name it by: where it will stand, or for a removal, stood.</summary>
    public WorkspacePath Path => NewPath ?? OldPath ?? default;

    /// <summary>Whether it can be taken back: always, but for a foreign binary patch that only knows one direction.</summary>
    public bool IsReversible => Binary is not { Reverse: null };

    /// <summary>The patch that takes this one back.</summary>
    /// <exception cref="InvalidOperationException">It is not <see cref="IsReversible"/>.</exception>
    public FilePatch Reverse() => this with
    {
        OldPath = NewPath,
        NewPath = OldPath,
        OldMode = NewMode,
        NewMode = OldMode,
        OldBlob = NewBlob,
        NewBlob = OldBlob,
        Hunks = [.. Hunks.Select(hunk => hunk.Reverse())],
        Binary = Binary is null ? null : new BinaryPatch(
            Binary.Reverse ?? throw new InvalidOperationException($"The binary patch of {Path} holds only its forward direction."),
            Binary.Forward),
    };

    /// <inheritdoc/>
    public bool Equals(FilePatch? other) =>
        other is not null && OldPath == other.OldPath && NewPath == other.NewPath
        && OldMode == other.OldMode && NewMode == other.NewMode && OldBlob == other.OldBlob && NewBlob == other.NewBlob
        && Binary == other.Binary && SimilarityPercent == other.SimilarityPercent && Hunks.SequenceEqual(other.Hunks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OldPath, NewPath, OldMode, NewMode, Hunks.Count);
}
