using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>
/// The seed's extract-method sequences: code is moved by adding it in its new place in one snapshot and removing it from
/// the old in another, with call sites between. Neighbours that together move three lines or more, and would move fewer
/// without the first or without the last of them, are one.
/// </summary>
internal static class RefactoringSequences
{
    private const int MinMovedLines = 3; // fewer are a coincidence, or not worth a name
    private const int MaxLength = 8; // snapshots

    public static List<Stretch> Merge(List<Stretch> stretches, IContentSource contents)
    {
        var merged = new List<Stretch>();
        for (var i = 0; i < stretches.Count;)
        {
            var (sequence, length) = FindSequence(stretches, i, contents);
            merged.Add(sequence);
            i += length;
        }

        return merged;
    }

    /// <summary>The shortest sequence that begins at <paramref name="start"/>; the one stretch there if none does.</summary>
    private static (Stretch Sequence, int Length) FindSequence(List<Stretch> stretches, int start, IContentSource contents)
    {
        var whole = stretches[start];
        var moved = LineMoves.CountIn(whole, contents);
        for (var length = 2; length <= MaxLength && start + length <= stretches.Count; length++)
        {
            whole = whole.With(stretches[start + length - 1], MergeRule.Refactoring);
            var movedNow = LineMoves.CountIn(whole, contents);
            if (movedNow >= MinMovedLines && movedNow > moved && movedNow > LineMoves.CountIn(Join(stretches, start + 1, start + length), contents))
            {
                return (whole, length);
            }

            moved = Math.Max(moved, movedNow);
        }

        return (stretches[start], 1);
    }

    private static Stretch Join(List<Stretch> stretches, int from, int to)
    {
        var whole = stretches[from];
        for (var i = from + 1; i < to; i++)
        {
            whole = whole.With(stretches[i], MergeRule.Refactoring);
        }

        return whole;
    }
}
