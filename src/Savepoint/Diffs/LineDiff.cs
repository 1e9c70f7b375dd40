namespace Savepoint.Diffs;

/// <summary>
/// Where two contents differ, by lines. Equal ends are cut off as bytes; what remains is numbered so that equal lines
/// have equal numbers (<see cref="LineNumbering"/>); lines that stand on one side only are changed for certain and leave;
/// the rest is compared by <see cref="MyersDiff"/>. Nothing is decoded: a line is bytes up to and with its LF, a CR is
/// part of it, and the last one may lack the LF.
/// </summary>
public static class LineDiff
{
    /// <summary>
    /// Above this many lines in the differing part, it is given as one edit: their bookkeeping (some 30 bytes a line)
    /// would dwarf contents that are within <see cref="PatchOptions.MaxTextBytes"/>.
    /// </summary>
    public const int MaxLineCount = 1 << 22;

    /// <summary>
    /// The edits that turn <paramref name="before"/> into <paramref name="after"/>, in order, never touching each other;
    /// empty if the two are equal. Few edits are minimal in number of lines; many may not be, so that the time stays
    /// near-linear for any input.
    /// </summary>
    public static LineEdit[] Compute(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => Compute(before, after, out _);

    /// <summary>As above; <paramref name="stepCount"/> counts the elementary comparisons, so that tests can bound the work.</summary>
    internal static LineEdit[] Compute(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, out long stepCount)
    {
        stepCount = 0;
        var prefix = CommonBytes.PrefixLines(before, after);
        if (prefix == before.Length && prefix == after.Length)
        {
            return [];
        }

        var suffix = CommonBytes.SuffixLines(before[prefix..], after[prefix..]);
        var oldMiddle = before[prefix..^suffix];
        var newMiddle = after[prefix..^suffix];
        var firstLine = before[..prefix].Count((byte)'\n');
        var oldCount = CountLines(oldMiddle);
        var newCount = CountLines(newMiddle);
        if (oldCount == 0 || newCount == 0 || oldCount + newCount == 2 || oldCount > MaxLineCount || newCount > MaxLineCount)
        {
            return [new LineEdit(firstLine, oldCount, firstLine, newCount, prefix, oldMiddle.Length, prefix, newMiddle.Length)];
        }

        using var lines = LineNumbering.Of(oldMiddle, oldCount, newMiddle, newCount);
        stepCount = MarkChanges(lines);
        return ToEdits(lines, firstLine, prefix);
    }

    /// <summary>How many lines these bytes are; a last one without LF counts.</summary>
    internal static int CountLines(ReadOnlySpan<byte> content) =>
        content.IsEmpty ? 0 : content.Count((byte)'\n') + (content[^1] == '\n' ? 0 : 1);

    private static long MarkChanges(LineNumbering lines)
    {
        var a = lines.Old.KeepShared(lines.IsShared);
        var b = lines.New.KeepShared(lines.IsShared);
        if (a.Numbers.AsSpan(0, a.Count).SequenceEqual(b.Numbers.AsSpan(0, b.Count)))
        {
            return 0; // whole lines only came and went: the usual edit
        }

        var (aChanged, bChanged) = MyersDiff.Compare(a, b, lines.DistinctCount, out var stepCount);
        Mark(lines.Old.Changed, a.Indexes, aChanged);
        Mark(lines.New.Changed, b.Indexes, bChanged);
        return stepCount;
    }

    private static void Mark(bool[] changed, int[] indexes, bool[] keptChanged)
    {
        for (var i = 0; i < keptChanged.Length; i++)
        {
            changed[indexes[i]] |= keptChanged[i];
        }
    }

    /// <summary>Runs of changed lines as edits. Unchanged lines pair up one to one, in order.</summary>
    private static LineEdit[] ToEdits(LineNumbering lines, int firstLine, int firstOffset)
    {
        var (before, after) = (lines.Old, lines.New);
        var edits = new List<LineEdit>();
        for (int i = 0, j = 0; i < before.Count || j < after.Count; i++, j++)
        {
            var (oldStart, newStart) = (i, j);
            for (; before.Changed[i]; i++)
            {
            }

            for (; after.Changed[j]; j++)
            {
            }

            if (i > oldStart || j > newStart)
            {
                edits.Add(new LineEdit(
                    firstLine + oldStart, i - oldStart, firstLine + newStart, j - newStart,
                    firstOffset + before.Starts[oldStart], before.Starts[i] - before.Starts[oldStart],
                    firstOffset + after.Starts[newStart], after.Starts[j] - after.Starts[newStart]));
            }
        }

        return [.. edits];
    }
}
