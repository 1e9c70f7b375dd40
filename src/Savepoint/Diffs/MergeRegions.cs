namespace Savepoint.Diffs;

/// <summary>
/// Puts the edits of two sides beside each other (diff3: Khanna, Kunal, Pierce, "A Formal Investigation of Diff3", 2007).
/// An edit and what touches or overlaps it are one region: without an unchanged line between them nobody can say that they
/// are independent.
/// </summary>
internal ref struct MergeRegions
{
    private Side _ours;
    private Side _theirs;

    private MergeRegions(LineEdit[] ours, LineEdit[] theirs)
    {
        _ours = new Side(ours);
        _theirs = new Side(theirs);
    }

    /// <summary>All regions, in order. Between two of them stands at least one line that all three contents share.</summary>
    public static List<MergeRegion> Find(ReadOnlySpan<byte> ours, LineEdit[] ourEdits, ReadOnlySpan<byte> theirs, LineEdit[] theirEdits)
    {
        var pairing = new MergeRegions(ourEdits, theirEdits);
        var regions = new List<MergeRegion>();
        while (pairing.TryNext(ours, theirs, out var region))
        {
            regions.Add(region);
        }

        return regions;
    }

    private bool TryNext(ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, out MergeRegion region)
    {
        region = default;
        if (_ours.Peek is not { } next || _theirs.Peek is { } other && other.OldStart < next.OldStart)
        {
            if (_theirs.Peek is not { } only)
            {
                return false;
            }

            next = only;
        }

        var (start, offset, end, endOffset) = (next.OldStart, next.OldOffset, next.OldStart, next.OldOffset);
        var (ourStart, theirStart) = (_ours.Map(start, offset), _theirs.Map(start, offset));
        var (inOurs, inTheirs) = (false, false);
        for (var grown = true; grown;)
        {
            grown = false;
            while (_ours.TakeTouching(ref end, ref endOffset))
            {
                grown = inOurs = true;
            }

            while (_theirs.TakeTouching(ref end, ref endOffset))
            {
                grown = inTheirs = true;
            }
        }

        var ourSpan = Between(ourStart, _ours.Map(end, endOffset));
        var theirSpan = Between(theirStart, _theirs.Map(end, endOffset));
        var side = !inTheirs ? MergeSide.Ours : !inOurs ? MergeSide.Theirs
            : ourSpan.Of(ours).SequenceEqual(theirSpan.Of(theirs)) ? MergeSide.Ours : MergeSide.Conflict;
        region = new MergeRegion(side, new TextSpan(start, end - start, offset, endOffset - offset), ourSpan, theirSpan);
        return true;
    }

    private static TextSpan Between((int Line, int Offset) from, (int Line, int Offset) to) =>
        new(from.Line, to.Line - from.Line, from.Offset, to.Offset - from.Offset);

    /// <summary>One side's edits, and how far what follows the last one taken has moved.</summary>
    private struct Side(LineEdit[] edits)
    {
        private int _taken;
        private int _lineShift;
        private int _byteShift;

        public readonly LineEdit? Peek => _taken < edits.Length ? edits[_taken] : null;

        /// <summary>Where a place of the base is on this side.</summary>
        public readonly (int Line, int Offset) Map(int line, int offset) => (line + _lineShift, offset + _byteShift);

        /// <summary>Takes the next edit if it begins before or at the region's end, which then is its end if that is later.</summary>
        public bool TakeTouching(ref int end, ref int endOffset)
        {
            if (Peek is not { } edit || edit.OldStart > end)
            {
                return false;
            }

            _taken++;
            (_lineShift, _byteShift) = (edit.NewEnd - edit.OldEnd, edit.NewOffset + edit.NewLength - edit.OldOffset - edit.OldLength);
            if (edit.OldEnd > end)
            {
                (end, endOffset) = (edit.OldEnd, edit.OldOffset + edit.OldLength);
            }

            return true;
        }
    }
}
