using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>
/// What one turn or session did: its snapshots, the state before the first and after the last, and the paths they touched.
/// What others did to other paths meanwhile is none of it.
/// </summary>
/// <param name="Before">The state before it began.</param>
/// <param name="Snapshots">Its snapshots, the oldest first; never empty.</param>
internal sealed record ActorRange(SnapshotNumber Before, IReadOnlyList<Snapshot> Snapshots)
{
    public SnapshotNumber Last => Snapshots[^1].Number;

    /// <summary>The range that <c>turn:ID</c> or <c>session:ID</c> stands for; null for any other revision.</summary>
    public static async Task<ActorRange?> FindAsync(SnapshotManager workspace, Revision revision, CancellationToken cancellationToken)
    {
        Func<Actor, bool>? isWanted = revision switch
        {
            Revision.BeforeTurn { Turn: var turn } => actor => actor.Turn == turn,
            Revision.BeforeSession { Session: var session } => actor => actor.Session == session,
            _ => null,
        };
        if (isWanted is null)
        {
            return null;
        }

        var before = workspace.Resolve(revision);
        var snapshots = new List<Snapshot>();
        await foreach (var snapshot in workspace.HistoryAsync(new HistoryFilter { AllBranches = true, Since = before }, cancellationToken).ConfigureAwait(false))
        {
            if (isWanted(snapshot.Actor))
            {
                snapshots.Add(snapshot);
            }
        }

        snapshots.Reverse();
        return snapshots.Count == 0 ? null : new ActorRange(before, snapshots);
    }

    /// <summary>The net change of the paths that its snapshots touched.</summary>
    public WorkspacePath[] Touched() =>
        [.. Snapshots.SelectMany(snapshot => snapshot.Changes).SelectMany(change => change.PerPath()).Select(change => change.Path).Distinct()];
}
