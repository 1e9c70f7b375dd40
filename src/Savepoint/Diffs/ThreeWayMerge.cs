namespace Savepoint.Diffs;

/// <summary>
/// Brings together what two sides made of one text. The differences of each to the base are found (<see cref="LineDiff"/>, <see cref="EditSlide"/>)
/// and put beside each other (<see cref="MergeRegions"/>): what one side changed is taken; what both changed alike is taken
/// once, and where they changed the same lines differently, or lines with no unchanged one between, they conflict. Pure.
/// </summary>
public static class ThreeWayMerge
{
    /// <summary>The merge of two contents that come from one. A line is bytes up to and with its LF, a CR is part of it.</summary>
    /// <param name="ancestor">The content that both sides began with; empty if each made the file by itself.</param>
    /// <param name="ours">What one side made of it.</param>
    /// <param name="theirs">What the other side made of it.</param>
    /// <remarks>Time is near-linear in the contents' lengths, whatever they hold.</remarks>
    public static MergedText Merge(ReadOnlyMemory<byte> ancestor, ReadOnlyMemory<byte> ours, ReadOnlyMemory<byte> theirs)
    {
        var regions = MergeRegions.Find(
            ours.Span, EditSlide.Compute(ancestor.Span, ours.Span), theirs.Span, EditSlide.Compute(ancestor.Span, theirs.Span));
        return new MergedText(ancestor, ours, theirs, regions);
    }
}
