using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <content>What the policies decided.</content>
internal sealed partial class SnapshotStore
{
    private DecisionTable DecisionRows => field ??= new DecisionTable(_database);

    /// <summary>Records a decision with its event and, if it names a state, the label, in one transaction.</summary>
    /// <param name="draft">The decision to come.</param>
    /// <param name="label">The label that it makes; null if it makes none. One of this name that is there already stays.</param>
    public Decision Decide(Decision draft, Label? label = null) => _database.Write(() =>
    {
        var decision = DecisionRows.Append(draft);
        if (label is not null && _labels.Find(label.Name) is null)
        {
            _labels.Add(label);
            Merges.Split(label.Snapshot);
        }

        _events.Add(new DecisionEvent(decision.Id, decision.Snapshot, decision.Rule, decision.Action, decision.Mode, decision.Outcome, decision.Target, decision.Reason) { Time = decision.Time });
        return decision;
    });

    /// <inheritdoc cref="DecisionTable.Settle"/>
    public Decision Settle(Decision decision, DecisionOutcome outcome, string? result) => _database.Write(() => DecisionRows.Settle(decision, outcome, result));

    public Decision? FindDecision(long id) => _database.Read(() => DecisionRows.Find(id));

    /// <inheritdoc cref="DecisionTable.Snapshots"/>
    public HashSet<SnapshotNumber> DecidedSnapshots(IReadOnlyList<string> rules, SnapshotNumber from) => _database.ReadConsistently(() => DecisionRows.Snapshots(rules, from));

    /// <inheritdoc cref="DecisionTable.Newest"/>
    public List<Decision> NewestDecisions(long count) => _database.ReadConsistently(() => DecisionRows.Newest(count));

    /// <summary>The oldest label of a retention whose name begins so; null if there is none.</summary>
    public Label? FindLabel(Retention retention, string namePrefix) => _database.Read(() =>
        _labels.All().FindLast(label => label.Retention == retention && label.Name.StartsWith(namePrefix, StringComparison.Ordinal)));

    /// <summary>How many files a branch's head has, counted no further than <paramref name="limit"/>.</summary>
    public long CountFiles(string branch, long limit) => _database.Read(() => _database.Prepare("""
        SELECT count(*) FROM (
            SELECT 1 FROM branches b JOIN tree t ON t.branch = b.id
            JOIN changes c ON c.path = t.path AND c.branch = t.branch AND c.snapshot = t.changed
            WHERE b.name = $1 AND c.state >> 12 IN (1, 2) LIMIT $2)
        """).Scalar(branch, limit)) ?? 0;
}
