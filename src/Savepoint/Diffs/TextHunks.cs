namespace Savepoint.Diffs;

/// <summary>Makes the hunks of a unified diff: edits, with unchanged lines around them.</summary>
internal static class TextHunks
{
    /// <summary>The hunks that turn <paramref name="before"/> into <paramref name="after"/>; empty if they are equal.</summary>
    public static Hunk[] Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int contextLineCount) =>
        From(LineDiff.Compute(before, after), before, after, contextLineCount);

    /// <summary>The hunks for these edits. Edits whose contexts would touch share a hunk.</summary>
    public static Hunk[] From(ReadOnlySpan<LineEdit> edits, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int contextLineCount)
    {
        var hunks = new List<Hunk>();
        while (!edits.IsEmpty)
        {
            var count = 1;
            while (count < edits.Length && edits[count].OldStart - edits[count - 1].OldEnd <= 2L * contextLineCount)
            {
                count++;
            }

            hunks.Add(One(edits[..count], before, after, contextLineCount));
            edits = edits[count..];
        }

        return [.. hunks];
    }

    private static Hunk One(ReadOnlySpan<LineEdit> edits, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int contextLineCount)
    {
        var (first, last) = (edits[0], edits[^1]);
        var start = LinesBefore(before[..first.OldOffset], contextLineCount, out var leading);
        var end = LinesAfter(before, last.OldOffset + last.OldLength, contextLineCount);
        var sizeBytes = end - start + last.NewOffset + last.NewLength - first.NewOffset;
        var hunk = new HunkBuilder(first.OldStart - leading, first.NewStart - leading, sizeBytes + (sizeBytes / 16) + 64);
        foreach (var edit in edits)
        {
            hunk.AddAll(HunkLineKind.Context, before[start..edit.OldOffset]);
            hunk.AddAll(HunkLineKind.Deleted, before.Slice(edit.OldOffset, edit.OldLength));
            hunk.AddAll(HunkLineKind.Added, after.Slice(edit.NewOffset, edit.NewLength));
            start = edit.OldOffset + edit.OldLength;
        }

        hunk.AddAll(HunkLineKind.Context, before[start..end]);
        return hunk.Build();
    }

    /// <summary>Where the last <paramref name="wanted"/> lines of <paramref name="content"/> begin, and how many there are.</summary>
    internal static int LinesBefore(ReadOnlySpan<byte> content, int wanted, out int count)
    {
        var start = content.Length;
        for (count = 0; count < wanted && start > 0; count++)
        {
            start = content[..(start - 1)].LastIndexOf((byte)'\n') + 1;
        }

        return start;
    }

    private static int LinesAfter(ReadOnlySpan<byte> content, int offset, int wanted)
    {
        for (var count = 0; count < wanted && offset < content.Length; count++)
        {
            var end = content[offset..].IndexOf((byte)'\n');
            offset = end < 0 ? content.Length : offset + end + 1;
        }

        return offset;
    }
}
