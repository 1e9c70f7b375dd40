namespace Savepoint.Storage.Expiry;

/// <summary>A snapshot that may expire.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Group">Whose work it belongs to, or which hour's; neighbours of one group may become one.</param>
/// <param name="IsHeld">Whether a label, a branch or the like holds its state.</param>
/// <param name="Target">The snapshot that it leads back to; null if none.</param>
/// <param name="BeforeTarget">If it inverted its target alone: the snapshot before that, from which the target must stay apart.</param>
internal sealed record ExpiryCandidate(long Number, long Group, bool IsHeld, long? Target, long? BeforeTarget);

/// <summary>
/// Decides which neighbours of a branch become one. Pure. A range ends where something is held, and where something that
/// stays leads back to: what leads back and goes itself holds nothing.
/// </summary>
internal static class ExpiryPlan
{
    /// <summary>The ranges of two and more, the oldest first; of each only the last stays.</summary>
    /// <param name="candidates">Neighbours of one branch, the oldest first.</param>
    /// <param name="wanted">Numbers that snapshots which are no candidates lead back to.</param>
    /// <param name="stage">Whether groups stay apart.</param>
    /// <param name="merges">What has to stay for later merges of branches; null where nothing was ever merged.</param>
    public static List<(long First, long Last)> Ranges(IReadOnlyList<ExpiryCandidate> candidates, IReadOnlySet<long> wanted, ExpiryStage stage, MergeEnds? merges = null)
    {
        var ends = EndsOf(candidates, wanted, stage, merges);
        var ranges = new List<(long First, long Last)>();
        long? first = null;
        foreach (var candidate in candidates)
        {
            first ??= candidate.Number;
            if (ends.Contains(candidate.Number))
            {
                if (first != candidate.Number)
                {
                    ranges.Add((first.Value, candidate.Number));
                }

                first = null;
            }
        }

        return ranges;
    }

    private static HashSet<long> EndsOf(IReadOnlyList<ExpiryCandidate> candidates, IReadOnlySet<long> wanted, ExpiryStage stage, MergeEnds? merges)
    {
        var byNumber = candidates.ToDictionary(candidate => candidate.Number);
        var ends = new HashSet<long>();
        for (var i = 0; i < candidates.Count; i++)
        {
            var isLastOfGroup = i == candidates.Count - 1 || (stage == ExpiryStage.Thin && candidates[i].Group != candidates[i + 1].Group);
            if (candidates[i].IsHeld || isLastOfGroup || wanted.Contains(candidates[i].Number))
            {
                Add(byNumber, ends, candidates[i].Number);
            }
        }

        merges?.AddTo(candidates, ends, (to, number) => Add(byNumber, to, number));
        return ends;
    }

    /// <summary>Adds an end, and what it leads back to.</summary>
    private static void Add(Dictionary<long, ExpiryCandidate> byNumber, HashSet<long> ends, long number)
    {
        var pending = new Stack<long>([number]);
        while (pending.TryPop(out var next))
        {
            if (byNumber.TryGetValue(next, out var end) && ends.Add(next))
            {
                Push(pending, end.Target);
                Push(pending, end.BeforeTarget);
            }
        }
    }

    private static void Push(Stack<long> pending, long? number)
    {
        if (number is { } known)
        {
            pending.Push(known);
        }
    }
}
