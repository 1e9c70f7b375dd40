namespace Savepoint.Diffs;

/// <summary>
/// Of edits that only insert or only delete there are often several that say the same: behind "}" another "}" may have been put
/// before or after it. For a merge both sides' edits must be taken alike, and as git takes them: as far down as they go,
/// where one may meet the edit that follows and become one with it.
/// </summary>
internal ref struct EditSlide
{
    // Text that repeats itself could be slid over again and again; edits that are left where they are are right as well.
    private const int MaxPasses = 4;

    private readonly ReadOnlySpan<byte> _before;
    private readonly ReadOnlySpan<byte> _after;
    private long _bytesLeft;

    private EditSlide(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        _before = before;
        _after = after;
        _bytesLeft = MaxPasses * ((long)before.Length + after.Length);
    }

    /// <summary>How <paramref name="after"/> differs from <paramref name="before"/>: as <see cref="LineDiff"/>, each edit as far down as it can be.</summary>
    public static LineEdit[] Compute(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        new EditSlide(before, after).Down(LineDiff.Compute(before, after));

    private LineEdit[] Down(LineEdit[] edits)
    {
        var slid = new Stack<LineEdit>(edits.Length); // the last edit at the bottom
        for (var i = edits.Length - 1; i >= 0; i--)
        {
            var edit = edits[i];
            do
            {
                if (slid.TryPeek(out var next) && next.OldStart == edit.OldEnd)
                {
                    edit = Joined(edit, slid.Pop());
                }
            }
            while (TrySlide(ref edit));
            slid.Push(edit);
        }

        return [.. slid];
    }

    /// <summary>Moves an edit down by a line: its first line, which then precedes it, must be the one that followed it.</summary>
    private bool TrySlide(ref LineEdit edit)
    {
        if ((edit.OldCount != 0 && edit.NewCount != 0) || _bytesLeft < 0)
        {
            return false;
        }

        var (isInsertion, length) = (edit.OldCount == 0, edit.OldLength + edit.NewLength);
        var lines = isInsertion ? _after[edit.NewOffset..] : _before[edit.OldOffset..];
        var first = lines.IndexOf((byte)'\n') + 1;
        _bytesLeft -= first;
        if (first == 0 || !lines[length..].StartsWith(lines[..first]))
        {
            return false;
        }

        edit = edit with { OldStart = edit.OldStart + 1, NewStart = edit.NewStart + 1, OldOffset = edit.OldOffset + first, NewOffset = edit.NewOffset + first };
        return true;
    }

    private static LineEdit Joined(in LineEdit first, in LineEdit last) => new(
        first.OldStart, last.OldEnd - first.OldStart, first.NewStart, last.NewEnd - first.NewStart,
        first.OldOffset, last.OldOffset + last.OldLength - first.OldOffset, first.NewOffset, last.NewOffset + last.NewLength - first.NewOffset);
}
