using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>
/// Decides which snapshots become one (the seed's DiffCompressionEngine). Pure: history in, merges out; carrying them out
/// is the store's. What goes in: a branch's snapshots and the numbers whose states must stay. What comes out: disjoint
/// stretches of neighbours, in order, each with what it amounts to.
/// </summary>
/// <remarks>Whatever it decides, the state after each merge's last snapshot is what it was, and so is every state outside of merges.</remarks>
public static class DiffCompressionEngine
{
    /// <summary>Larger files are data, which nobody formats or extracts a method of: they are not read.</summary>
    internal const int MaxReadBytes = 1024 * 1024;

    /// <summary>The merges of one branch.</summary>
    /// <param name="snapshots">Its snapshots with their changes, the oldest first; those of the last fifty operations left out by the caller.</param>
    /// <param name="kept">Numbers that may only be the last of a merge: labelled ones, branch points, targets of undos and rollbacks, verified ones.</param>
    /// <param name="level">How far to go.</param>
    /// <param name="contents">The bytes that the snapshots name; read above <see cref="CompactionLevel.Normal"/> only.</param>
    public static IReadOnlyList<Merge> Plan(IEnumerable<Snapshot> snapshots, IReadOnlySet<SnapshotNumber> kept, CompactionLevel level, IContentSource contents)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(kept);
        ArgumentNullException.ThrowIfNull(contents);
        var merges = new List<Merge>();
        foreach (var run in Barriers.Cut(snapshots, kept))
        {
            var stretches = ContinuousEdits.Merge(run.ConvertAll(Stretch.Of));
            if (level >= CompactionLevel.Aggressive)
            {
                stretches = AddDeleteCycles.Merge(stretches);
                stretches = FormattingChains.Merge(stretches, contents);
                stretches = RefactoringSequences.Merge(stretches, contents);
            }

            merges.AddRange(stretches.Where(stretch => stretch.Rule is not null).Select(stretch => stretch.ToMerge()));
        }

        return merges;
    }
}
