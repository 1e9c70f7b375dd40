using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>
/// The seed's continuous edit merging: edits of the same file, each within five seconds of the one before, are one. That
/// the actor is the same is a barrier's business (<see cref="Barriers"/>).
/// </summary>
internal static class ContinuousEdits
{
    /// <summary>Seed: <c>mergeWindow: 5000</c>.</summary>
    private static readonly TimeSpan MergeWindow = TimeSpan.FromSeconds(5);

    public static List<Stretch> Merge(List<Stretch> stretches)
    {
        var merged = new List<Stretch>();
        foreach (var next in stretches)
        {
            if (merged.Count > 0 && Continues(merged[^1].Last, next.First))
            {
                merged[^1] = merged[^1].With(next, MergeRule.ContinuousEdits);
            }
            else
            {
                merged.Add(next);
            }
        }

        return merged;
    }

    // A clock that was set back says nothing about how close two edits were.
    private static bool Continues(Snapshot earlier, Snapshot later) =>
        FileOf(earlier) is { } file && file == FileOf(later)
        && later.Time - earlier.Time is var gap && gap >= TimeSpan.Zero && gap <= MergeWindow;

    private static WorkspacePath? FileOf(Snapshot snapshot) =>
        snapshot.Changes is [{ Kind: ChangeKind.Add or ChangeKind.Modify or ChangeKind.Mode, After: FileState.Regular, Path: var path }] ? path : null;
}
