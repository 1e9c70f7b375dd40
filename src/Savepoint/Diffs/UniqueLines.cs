namespace Savepoint.Diffs;

/// <summary>
/// Anchors: numbers that occur once in each of two sequences, and of these the longest run that is in the same order in
/// both (Cohen's patience diff; the run is found by patience sorting, Fredman 1975, in N log N).
/// </summary>
internal sealed class UniqueLines(int distinctCount)
{
    private const int Repeated = -1;

    // By number: 0 for not seen, Repeated, or its only index + 1. All 0 between calls.
    private readonly int[] _inA = new int[distinctCount];
    private readonly int[] _inB = new int[distinctCount];

    /// <summary>The anchors' indexes in both sequences, ascending.</summary>
    public List<(int AIndex, int BIndex)> CommonOrder(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        Note(a, _inA);
        Note(b, _inB);
        var candidates = new List<(int AIndex, int BIndex)>();
        for (var i = 0; i < a.Length; i++)
        {
            if (_inA[a[i]] > 0 && _inB[a[i]] > 0)
            {
                candidates.Add((i, _inB[a[i]] - 1));
            }
        }

        Forget(a);
        Forget(b);
        return LongestAscending(candidates);
    }

    private static void Note(ReadOnlySpan<int> sequence, int[] seen)
    {
        for (var i = 0; i < sequence.Length; i++)
        {
            ref var entry = ref seen[sequence[i]];
            entry = entry == 0 ? i + 1 : Repeated;
        }
    }

    private void Forget(ReadOnlySpan<int> sequence)
    {
        foreach (var number in sequence)
        {
            _inA[number] = 0;
            _inB[number] = 0;
        }
    }

    /// <summary>Of pairs ascending in A, the most that ascend in B too.</summary>
    private static List<(int AIndex, int BIndex)> LongestAscending(List<(int AIndex, int BIndex)> candidates)
    {
        var previous = new int[candidates.Count];
        var piles = new List<int>(); // the candidate on top of each pile, B ascending from pile to pile
        for (var i = 0; i < candidates.Count; i++)
        {
            var pile = FirstPileNotBelow(candidates, piles, candidates[i].BIndex);
            previous[i] = pile == 0 ? -1 : piles[pile - 1];
            if (pile == piles.Count)
            {
                piles.Add(i);
            }
            else
            {
                piles[pile] = i;
            }
        }

        var run = new List<(int AIndex, int BIndex)>(piles.Count);
        for (var i = piles.Count == 0 ? -1 : piles[^1]; i >= 0; i = previous[i])
        {
            run.Add(candidates[i]);
        }

        run.Reverse();
        return run;
    }

    private static int FirstPileNotBelow(List<(int AIndex, int BIndex)> candidates, List<int> piles, int bIndex)
    {
        var (low, high) = (0, piles.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (candidates[piles[middle]].BIndex < bIndex)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
