using System.Collections.Immutable;

namespace Savepoint.Storage.Expiry;

/// <summary>
/// What a branch has from others by its merges, as far as a branch in use has it, too: this alone decides from where they are merged later on. Per branch that it is from, the newest
/// number. Pure.
/// </summary>
internal sealed class SharedLines
{
    private readonly MergeHistory _history;
    private readonly long _branch;
    private readonly Dictionary<long, long> _own;
    private readonly Dictionary<long, long> _others = [];
    private readonly Dictionary<long, Dictionary<long, long>> _ledToBy = [];
    private readonly Dictionary<ImmutableSortedSet<long>, SortedDictionary<long, long>> _known = new(ReferenceEqualityComparer.Instance);

    public SharedLines(MergeHistory history, long branch)
    {
        (_history, _branch) = (history, branch);
        _own = history.Lineage(branch, long.MaxValue).ToDictionary(segment => segment.Branch, segment => segment.UpTo);
        foreach (var other in history.Lines.Values.Where(line => line.IsInUse && line.Branch != branch))
        {
            AddAllOf(other);
        }
    }

    /// <summary>Whether states that rest on these merges, and on those, have the same in common with each other branch.</summary>
    public bool AreAlike(ImmutableSortedSet<long> x, ImmutableSortedSet<long> y) => x == y || Of(x).SequenceEqual(Of(y));

    private SortedDictionary<long, long> Of(ImmutableSortedSet<long> rests)
    {
        if (!_known.TryGetValue(rests, out var shared))
        {
            _known[rests] = shared = [];
            foreach (var (line, upTo) in LedTo(_branch, long.MaxValue, rests))
            {
                var both = Math.Min(upTo, _others.GetValueOrDefault(line));
                if (both > _own.GetValueOrDefault(line))
                {
                    shared.Add(line, both);
                }
            }
        }

        return shared;
    }

    /// <summary>Adds what another branch is made of: its own line, and what it merged, taken back or not, since it and this one were one.</summary>
    private void AddAllOf(BranchLine other)
    {
        var line = _history.Lineage(other.Branch, other.Head).ToDictionary(segment => segment.Branch, segment => segment.UpTo);
        Add(_others, line);
        foreach (var merge in _history.Merges.Where(merge => merge.Number <= line.GetValueOrDefault(merge.Branch) && merge.Number > _own.GetValueOrDefault(merge.Branch)))
        {
            Add(_others, LedToBy(merge));
        }
    }

    /// <summary>All that a merge brought the history of.</summary>
    private Dictionary<long, long> LedToBy(MergeStep merge)
    {
        if (!_ledToBy.TryGetValue(merge.Number, out var lines))
        {
            _ledToBy[merge.Number] = lines = LedTo(merge.TargetBranch, merge.Target, _history.At(merge.TargetBranch, merge.Target));
        }

        return lines;
    }

    /// <summary>Each branch that a state leads to, and up to which number. As <c>MergeBase</c> goes, the newest first, and each branch as its newest head has it.</summary>
    private Dictionary<long, long> LedTo(long branch, long number, ImmutableSortedSet<long> rests)
    {
        var lines = new Dictionary<long, long>();
        var open = new PriorityQueue<(long Branch, long Number, ImmutableSortedSet<long> Rests), long>();
        open.Enqueue((branch, number, rests), -number);
        while (open.TryDequeue(out var next, out _))
        {
            if (!lines.TryAdd(next.Branch, next.Number))
            {
                continue;
            }

            if (_history.Lines.TryGetValue(next.Branch, out var line) && line.Fork > 0)
            {
                open.Enqueue((line.ForkBranch, line.Fork, next.Rests), -line.Fork);
            }

            foreach (var merge in _history.Standing(next.Rests).Where(merge => merge.Branch == next.Branch && merge.Number <= next.Number))
            {
                open.Enqueue((merge.TargetBranch, merge.Target, _history.At(merge.TargetBranch, merge.Target)), -merge.Target);
            }
        }

        return lines;
    }

    private static void Add(Dictionary<long, long> lines, Dictionary<long, long> others)
    {
        foreach (var (branch, upTo) in others)
        {
            lines[branch] = Math.Max(upTo, lines.GetValueOrDefault(branch));
        }
    }
}
