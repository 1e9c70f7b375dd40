using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Where each line of a content came in. Goes back version by version: the lines that stand in the newer one alone came
/// in with it, the others are looked for in the next older one. What cannot be older than a version is its own. Pure.
/// </summary>
internal sealed class LineOrigins
{
    private readonly SnapshotNumber?[] _origins;

    // For each line of the version arrived at, the line of the content that it is; -1 for one that is none, or is settled.
    private int[] _pending;

    /// <param name="lineCount">How many lines the content has.</param>
    public LineOrigins(int lineCount)
    {
        _origins = new SnapshotNumber?[lineCount];
        _pending = [.. Enumerable.Range(0, lineCount)];
        LeftCount = lineCount;
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
