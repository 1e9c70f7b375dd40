using System.Collections.Immutable;
using Savepoint.Model;

namespace Savepoint.Storage.Expiry;

/// <summary>
/// Has merges stay that later merges of branches need, and what took back one that stays: each state that stays by itself shall know what it has in common with other branches, as
/// it did before (docs/design/bounds.md). Of merges that bring the same line the newest is enough. Pure.
/// </summary>
internal sealed class MergeEnds(MergeHistory history, SharedLines shared, long branch)
{
    /// <summary>Adds what else has to stay.</summary>
    /// <param name="candidates">Neighbours of the branch, the oldest first.</param>
    /// <param name="ends">What stays of them so far, each for its own sake.</param>
    /// <param name="add">Adds one, and what it leads back to.</param>
    public void AddTo(IReadOnlyList<ExpiryCandidate> candidates, HashSet<long> ends, Action<HashSet<long>, long> add)
    {
        var states = ends.ToHashSet(); // a merge that only stays for these needs no merges itself, or each would hold the one before it
        while (FirstUnlike(candidates, ends, states) is { } state)
        {
            var count = ends.Count;
            Mend(state, candidates, ends, states, add);
            if (ends.Count == count)
            {
                states.Remove(state);
            }
        }
    }

    private long? FirstUnlike(IReadOnlyList<ExpiryCandidate> candidates, HashSet<long> ends, HashSet<long> states)
    {
        foreach (var (number, rests) in Rests(candidates, ends))
        {
            if (states.Contains(number) && !shared.AreAlike(rests, history.At(branch, number)))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>Adds steps before a state, the newest first, until it rests on what it did.</summary>
    private void Mend(long state, IReadOnlyList<ExpiryCandidate> candidates, HashSet<long> ends, HashSet<long> states, Action<HashSet<long>, long> add)
    {
        var (wanted, now) = (history.At(branch, state), RestsAt(state, candidates, ends));
        var steps = history.Changes(branch, candidates[0].Number, state).Where(step => !ends.Contains(step.Number)).ToList();
        foreach (var step in steps.Where(step => step.Kind is not (SnapshotKind.Merge or SnapshotKind.Revert) || wanted.Contains(step.Number)))
        {
            var tried = ends.ToHashSet();
            add(tried, step.Number);
            var then = RestsAt(state, candidates, tried);
            if (!shared.AreAlike(now, then))
            {
                states.UnionWith(tried.Except(ends).Where(number => number != step.Number));
                ends.UnionWith(tried);
                now = then;
            }

            if (shared.AreAlike(now, wanted))
            {
                return;
            }
        }

        steps.ForEach(step => add(ends, step.Number)); // all of them say what all of them said
    }

    private ImmutableSortedSet<long> RestsAt(long state, IReadOnlyList<ExpiryCandidate> candidates, HashSet<long> ends) =>
        Rests(candidates, ends).First(end => end.Number == state).Rests;

    /// <summary>What each end rests on if nothing else stays.</summary>
    private IEnumerable<(long Number, ImmutableSortedSet<long> Rests)> Rests(IReadOnlyList<ExpiryCandidate> candidates, HashSet<long> ends)
    {
        var first = candidates[0].Number;
        var known = new Dictionary<long, ImmutableSortedSet<long>>();
        var rests = history.At(branch, first - 1);
        foreach (var number in candidates.Select(candidate => candidate.Number).Where(ends.Contains))
        {
            rests = history.After(number, rests, (ofBranch, target) => ofBranch == branch && known.TryGetValue(target, out var there) ? there : history.At(ofBranch, target));
            known.Add(number, rests);
            yield return (number, rests);
        }
    }
}
