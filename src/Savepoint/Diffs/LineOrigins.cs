using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Where each line of a content came in. Goes back version by version: the lines that stand in the newer one alone came
/// in with it, the others are looked for in the next older one. What cannot be older than a version is its own. Pure.
/// </summary>
internal sealed class LineOrigins
{
    private readonly SnapshotNumber?[] _origins; // shared with those that other parents of a merge gave

    // For each line of the version arrived at, the line of the content that it is; -1 for one that is none, or is settled.
    private int[] _pending;

    /// <param name="lineCount">How many lines the content has.</param>
    public LineOrigins(int lineCount)
    {
        _origins = new SnapshotNumber?[lineCount];
        _pending = [.. Enumerable.Range(0, lineCount)];
        LeftCount = lineCount;
    }

    private LineOrigins(SnapshotNumber?[] origins, int[] pending)
    {
        (_origins, _pending) = (origins, pending);
        LeftCount = pending.Count(line => line >= 0);
    }

    /// <summary>How many lines are not settled yet.</summary>
    public int LeftCount { get; private set; }

    /// <summary>Each line's origin, as far as it is known.</summary>
    public IReadOnlyList<SnapshotNumber?> Origins => _origins;

    /// <summary>Goes from a version to the one before it.</summary>
    /// <param name="older">The version before.</param>
    /// <param name="newer">The version arrived at.</param>
    /// <param name="origin">What made the newer of the older; null if nothing recorded did.</param>
    public void GoBack(ReadOnlySpan<byte> older, ReadOnlySpan<byte> newer, SnapshotNumber? origin)
    {
        var pending = new int[LineDiff.CountLines(older)];
        var (oldLine, newLine) = (0, 0);
        foreach (var edit in LineDiff.Compute(older, newer))
        {
            Keep(pending, ref oldLine, ref newLine, edit.OldStart);
            for (; newLine < edit.NewEnd; newLine++)
            {
                Settle(_pending[newLine], origin);
            }

            pending.AsSpan(oldLine, edit.OldCount).Fill(-1);
            oldLine = edit.OldEnd;
        }

        Keep(pending, ref oldLine, ref newLine, pending.Length);
        _pending = pending;
    }

    /// <summary>
    /// Goes from a merge to its parents: a line that ours has is looked for there, another one that theirs has in theirs, and what neither has
    /// came in with the merge.
    /// </summary>
    /// <param name="ours">The version of the first parent, at which this one then is.</param>
    /// <param name="theirs">The version of the second parent.</param>
    /// <param name="merged">The version arrived at.</param>
    /// <param name="merge">The merge.</param>
    /// <returns>The same lines' origins, at theirs.</returns>
    public LineOrigins GoBackBoth(ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, ReadOnlySpan<byte> merged, SnapshotNumber merge)
    {
        var inOurs = Kept(ours, merged, _pending);
        var taken = inOurs.Where(line => line >= 0).ToHashSet();
        var rest = Array.ConvertAll(_pending, line => taken.Contains(line) ? -1 : line);
        var inTheirs = Kept(theirs, merged, rest);
        taken.UnionWith(inTheirs);
        foreach (var line in _pending.Where(line => !taken.Contains(line)))
        {
            Settle(line, merge);
        }

        _pending = inOurs;
        LeftCount = inOurs.Count(line => line >= 0);
        return new LineOrigins(_origins, inTheirs);
    }

    /// <summary>For each line of an older version, the content's line that it is; -1 for one that the newer lacks.</summary>
    private static int[] Kept(ReadOnlySpan<byte> older, ReadOnlySpan<byte> newer, int[] pending)
    {
        var kept = new int[LineDiff.CountLines(older)];
        Array.Fill(kept, -1);
        var (oldLine, newLine) = (0, 0);
        foreach (var edit in LineDiff.Compute(older, newer))
        {
            pending.AsSpan(newLine, edit.OldStart - oldLine).CopyTo(kept.AsSpan(oldLine));
            (oldLine, newLine) = (edit.OldEnd, edit.NewEnd);
        }

        pending.AsSpan(newLine, kept.Length - oldLine).CopyTo(kept.AsSpan(oldLine));
        return kept;
    }

    /// <summary>All that is left came in with this one.</summary>
    public void SettleAll(SnapshotNumber? origin)
    {
        foreach (var line in _pending)
        {
            Settle(line, origin);
        }

        _pending = [];
    }

    private void Keep(int[] pending, ref int oldLine, ref int newLine, int oldEnd)
    {
        for (; oldLine < oldEnd; oldLine++, newLine++)
        {
            pending[oldLine] = _pending[newLine];
        }
    }

    private void Settle(int line, SnapshotNumber? origin)
    {
        if (line >= 0)
        {
            _origins[line] = origin;
            LeftCount--;
        }
    }
}
