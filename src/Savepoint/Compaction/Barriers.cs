using Savepoint.Model;

namespace Savepoint.Compaction;

/// <summary>
/// Cuts a branch's history where nothing may merge across: at what is no plain operation (the baseline, drift, undo, redo,
/// rollback, revert, merge), at commands, whose exit code is theirs alone, where agent, session or turn changes, and behind every snapshot whose state must stay one's
/// own (labelled, branched from, returned to, verified).
/// </summary>
internal static class Barriers
{
    /// <param name="snapshots">A branch's snapshots, the oldest first.</param>
    /// <param name="kept">Numbers whose state must remain the end of whatever they are merged into.</param>
    /// <returns>Runs of two and more neighbours that may merge with each other.</returns>
    public static IEnumerable<List<Snapshot>> Cut(IEnumerable<Snapshot> snapshots, IReadOnlySet<SnapshotNumber> kept)
    {
        var run = new List<Snapshot>();
        foreach (var snapshot in snapshots)
        {
            if (run.Count > 0 && !Follows(run[^1], snapshot, kept))
            {
                if (run.Count > 1)
                {
                    yield return run;
                }

                run = [];
            }

            run.Add(snapshot);
        }

        if (run.Count > 1)
        {
            yield return run;
        }
    }

    private static bool Follows(Snapshot earlier, Snapshot later, IReadOnlySet<SnapshotNumber> kept) =>
        earlier.Kind == SnapshotKind.Operation && later.Kind == SnapshotKind.Operation
        && later.Parent == earlier.Number && later.Branch == earlier.Branch
        && earlier.ExitCode is null && later.ExitCode is null
        && IsSameTurn(earlier.Actor, later.Actor) && !kept.Contains(earlier.Number);

    private static bool IsSameTurn(Actor x, Actor y) => x with { ToolCall = null } == (y with { ToolCall = null });
}
