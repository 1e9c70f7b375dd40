using Savepoint.Model;

namespace Savepoint.Storage.Expiry;

/// <summary>Reads what <see cref="MergeHistory"/> is made of. Inside a write of the database.</summary>
/// <param name="database">The store's.</param>
/// <param name="isWhole">Whether a rollback to a target was one of the whole tree.</param>
internal sealed class MergeHistoryReader(StoreDatabase database, Func<SnapshotNumber, SnapshotNumber, bool> isWhole)
{
    /// <summary>What has to stay for later merges; null if nothing was ever merged.</summary>
    public MergeEnds? EndsOf(long branch)
    {
        if (database.Prepare($"SELECT 1 FROM snapshots WHERE target IS NOT NULL AND kind = {(int)SnapshotKind.Merge} LIMIT 1").Scalar() is null)
        {
            return null;
        }

        var history = new MergeHistory(Lines(), Steps(), step => isWhole(new SnapshotNumber(step.Number), new SnapshotNumber(step.Target)));
        return new MergeEnds(history, new SharedLines(history, branch), branch);
    }

    private List<BranchLine> Lines()
    {
        var lines = new List<BranchLine>();
        using (var row = database.Prepare("SELECT id, coalesce(head, fork, 0), coalesce(fork, 0), coalesce((SELECT branch FROM snapshots WHERE number = fork), 0) FROM branches").Query())
        {
            while (row.Read())
            {
                lines.Add(new BranchLine(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), IsInUse: true));
            }
        }

        // What nothing but merges leads to goes when they go: were they held for it, both would stay for ever.
        var unused = new DeletedBranches(database).OnlyMerged();
        return lines.ConvertAll(line => line with { IsInUse = !unused.Contains(line.Branch) });
    }

    private List<MergeStep> Steps()
    {
        var steps = new List<MergeStep>();
        using var row = database.Prepare("""
            SELECT s.number, s.branch, s.kind, s.target, t.branch FROM snapshots s JOIN snapshots t ON t.number = s.target WHERE s.target IS NOT NULL ORDER BY s.number
            """).Query();
        while (row.Read())
        {
            steps.Add(new MergeStep(row.GetInt64(0), row.GetInt64(1), (SnapshotKind)row.GetInt32(2), row.GetInt64(3), row.GetInt64(4)));
        }

        return steps;
    }
}
