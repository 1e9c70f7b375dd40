namespace Savepoint.Diffs;

/// <summary>
/// Makes conflicts easier to read where the base is not shown: lines that both versions have are taken out of them, and what
/// then is hardly apart is joined again.
/// </summary>
internal static class ConflictRefinement
{
    // Git's xdl_simplify_non_conflicts: three lines between two conflicts are more trouble than they are worth, and so are
    // lines without a letter or digit.
    private const int LeastGapLines = 4;

    public static List<MergeRegion> Refine(List<MergeRegion> regions, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs)
    {
        var refined = new List<MergeRegion>();
        foreach (var region in regions)
        {
            if (region.Side == MergeSide.Conflict)
            {
                Split(region, ours, theirs, refined);
            }
            else if (region.Side == MergeSide.Theirs || !region.Ours.Of(ours).SequenceEqual(region.Theirs.Of(theirs)))
            {
                refined.Add(region);
            }

            // What both changed alike stands in both versions: it keeps no two conflicts apart.
        }

        return refined;
    }

    private static void Split(in MergeRegion region, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, List<MergeRegion> refined)
    {
        if (region.Ours.Count == 0 || region.Theirs.Count == 0)
        {
            Add(region, ours, refined);
            return;
        }

        foreach (var edit in EditSlide.Compute(region.Ours.Of(ours), region.Theirs.Of(theirs)))
        {
            var part = region with
            {
                Ours = new TextSpan(region.Ours.Start + edit.OldStart, edit.OldCount, region.Ours.Offset + edit.OldOffset, edit.OldLength),
                Theirs = new TextSpan(region.Theirs.Start + edit.NewStart, edit.NewCount, region.Theirs.Offset + edit.NewOffset, edit.NewLength),
            };
            Add(part, ours, refined);
        }
    }

    private static void Add(in MergeRegion conflict, ReadOnlySpan<byte> ours, List<MergeRegion> refined)
    {
        if (refined is [.., { Side: MergeSide.Conflict } last] && !IsApart(last, conflict, ours))
        {
            refined[^1] = last with { Ours = Joined(last.Ours, conflict.Ours), Theirs = Joined(last.Theirs, conflict.Theirs) };
        }
        else
        {
            refined.Add(conflict);
        }
    }

    private static bool IsApart(in MergeRegion earlier, in MergeRegion later, ReadOnlySpan<byte> ours) =>
        later.Ours.Start - earlier.Ours.Start - earlier.Ours.Count >= LeastGapLines && HasLetterOrDigit(ours[earlier.Ours.EndOffset..later.Ours.Offset]);

    private static bool HasLetterOrDigit(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (char.IsAsciiLetterOrDigit((char)value))
            {
                return true;
            }
        }

        return false;
    }

    private static TextSpan Joined(in TextSpan first, in TextSpan last) =>
        new(first.Start, last.Start + last.Count - first.Start, first.Offset, last.EndOffset - first.Offset);
}
