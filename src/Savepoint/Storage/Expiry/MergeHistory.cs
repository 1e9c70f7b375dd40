using System.Collections.Immutable;
using Savepoint.Model;

namespace Savepoint.Storage.Expiry;

/// <summary>A snapshot that leads back to another: a merge, or what may take one back, or bring it back.</summary>
internal sealed record MergeStep(long Number, long Branch, SnapshotKind Kind, long Target, long TargetBranch);

/// <summary>A branch.</summary>
/// <param name="Branch">Its row.</param>
/// <param name="Head">Its newest snapshot, or the one that it began at.</param>
/// <param name="Fork">The snapshot that it began at; 0 for the first branch.</param>
/// <param name="ForkBranch">The branch of that; 0 likewise.</param>
/// <param name="IsInUse">Whether it may be merged, or merged into, later on.</param>
internal sealed record BranchLine(long Branch, long Head, long Fork, long ForkBranch, bool IsInUse);

/// <summary>
/// Which merges each state of the history rests on: what <c>Branches.MergeBase</c> reads off it for one head, for all states at once. Pure. A state is given as the merges it rests on
/// and the reverts on its way, of merges or of such reverts.
/// </summary>
internal sealed class MergeHistory
{
    private readonly Dictionary<long, List<(long Number, ImmutableSortedSet<long> Rests)>> _changes = [];
    private readonly Dictionary<long, MergeStep> _steps = [];
    private readonly HashSet<long> _wholeRollbacks = [];

    /// <param name="lines">All branches.</param>
    /// <param name="steps">All steps, the oldest first.</param>
    /// <param name="isWhole">Whether a rollback was one of the whole tree; only asked where that makes a difference.</param>
    public MergeHistory(IEnumerable<BranchLine> lines, IEnumerable<MergeStep> steps, Func<MergeStep, bool> isWhole)
    {
        Lines = lines.ToDictionary(line => line.Branch);
        foreach (var step in steps)
        {
            _steps.Add(step.Number, step);
            var before = At(step.Branch, step.Number - 1);
            if (step.Kind == SnapshotKind.Rollback && !before.SetEquals(At(step.TargetBranch, step.Target)) && isWhole(step))
            {
                _wholeRollbacks.Add(step.Number);
            }

            var after = After(step.Number, before, At);
            if (!after.SetEquals(before))
            {
                ChangesOf(step.Branch).Add((step.Number, after));
            }
        }
    }

    public IReadOnlyDictionary<long, BranchLine> Lines { get; }

    /// <summary>The merges, standing or not.</summary>
    public IEnumerable<MergeStep> Merges => _steps.Values.Where(step => step.Kind == SnapshotKind.Merge);

    /// <summary>What the state at a number of a branch rests on.</summary>
    public ImmutableSortedSet<long> At(long branch, long number)
    {
        var changes = ChangesOf(branch);
        var i = changes.FindLastIndex(change => change.Number <= number);
        return i >= 0 ? changes[i].Rests : Lines.TryGetValue(branch, out var line) && line.Fork > 0 ? At(line.ForkBranch, line.Fork) : [];
    }

    /// <summary>The snapshots of a branch that changed what its state rests on, the newest first.</summary>
    public IEnumerable<MergeStep> Changes(long branch, long first, long last) =>
        ChangesOf(branch).Where(change => change.Number >= first && change.Number <= last).Select(change => _steps[change.Number]).Reverse();

    /// <summary>What the state after a snapshot rests on.</summary>
    /// <param name="number">The snapshot; most are no step and change nothing.</param>
    /// <param name="before">What the state before it rests on.</param>
    /// <param name="at">As <see cref="At"/>, for the state that it may lead back to.</param>
    public ImmutableSortedSet<long> After(long number, ImmutableSortedSet<long> before, Func<long, long, ImmutableSortedSet<long>> at)
    {
        if (!_steps.TryGetValue(number, out var step))
        {
            return before;
        }

        return step.Kind switch
        {
            SnapshotKind.Merge => before.Add(number),
            SnapshotKind.Revert when before.Contains(step.Target) => before.Add(number),
            SnapshotKind.Undo or SnapshotKind.Redo => at(step.TargetBranch, step.Target),
            SnapshotKind.Rollback when _wholeRollbacks.Contains(number) => at(step.TargetBranch, step.Target),
            _ => before,
        };
    }

    /// <summary>The merges among what a state rests on that no revert took back.</summary>
    public IEnumerable<MergeStep> Standing(ImmutableSortedSet<long> rests)
    {
        var reverted = new HashSet<long>();
        foreach (var step in rests.Reverse().Select(number => _steps[number]).Where(step => !reverted.Contains(step.Number)))
        {
            if (step.Kind == SnapshotKind.Merge)
            {
                yield return step;
            }
            else
            {
                reverted.Add(step.Target);
            }
        }
    }

    /// <summary>The way from a snapshot back to the beginning: each branch, and up to which number.</summary>
    public IEnumerable<(long Branch, long UpTo)> Lineage(long branch, long number)
    {
        yield return (branch, number);
        while (Lines.TryGetValue(branch, out var line) && line.Fork > 0)
        {
            (branch, number) = (line.ForkBranch, line.Fork);
            yield return (branch, number);
        }
    }

    private List<(long Number, ImmutableSortedSet<long> Rests)> ChangesOf(long branch)
    {
        if (!_changes.TryGetValue(branch, out var changes))
        {
            _changes[branch] = changes = [];
        }

        return changes;
    }
}
