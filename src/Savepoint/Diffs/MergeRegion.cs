using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>A run of lines, with the same run in bytes beside it. Starts are 0-based.</summary>
internal readonly record struct TextSpan(int Start, int Count, int Offset, int Length)
{
    public int EndOffset => Offset + Length;

    public LineRange Lines => new(Start, Count);

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> content) => content.Slice(Offset, Length);
}

/// <summary>Who changed a region of the base.</summary>
internal enum MergeSide
{
    /// <summary>Only ours, or both alike: what stands there in ours is the result.</summary>
    Ours,

    /// <summary>Only theirs.</summary>
    Theirs,

    /// <summary>Both, each in its own way.</summary>
    Conflict,
}

/// <summary>The least part of a base that holds whole edits of the two sides, and is followed by a line that neither changed.</summary>
internal readonly record struct MergeRegion(MergeSide Side, TextSpan Base, TextSpan Ours, TextSpan Theirs);
