using Savepoint.Compaction;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The tables <c>merges</c>, <c>merged</c> and <c>compactions</c>: what compaction merged, and how far it is.</summary>
/// <remarks>A snapshot may be the last of two merges: of those freed into it, and of those shown as one with it. Neither knows of the other.</remarks>
internal sealed class MergeTable(StoreDatabase database)
{
    /// <summary>For <c>merged</c>: the numbers of the merge with the last <c>$1</c>, <c>$2</c> saying whether it is a freed one.</summary>
    private const string OfMerge = "number >= (SELECT first FROM merges WHERE last = $1 AND freed = $2) AND number < $1 AND last = $1 AND freed = $2";

    /// <summary>Where a number went; null if it was not merged.</summary>
    public MergedNumber? Find(SnapshotNumber number) => database.Read(() =>
    {
        using var row = database.Prepare("SELECT m.first, m.last, m.freed FROM merged n JOIN merges m ON m.last = n.last AND m.freed = n.freed WHERE n.number = $1").Query(number.Value);
        return row.Read() ? new MergedNumber(new SnapshotNumber(row.GetInt64(0)), new SnapshotNumber(row.GetInt64(1)), row.GetInt64(2) != 0) : null;
    });

    /// <summary>The merge that ends with a number, whose snapshots are all there still; null if there is none. Inside a read.</summary>
    public (long First, int OperationCount)? ShownAs(long last)
    {
        using var row = database.Prepare("SELECT first, operations FROM merges WHERE last = $1 AND freed = 0").Query(last);
        return row.Read() ? (row.GetInt64(0), row.GetInt32(1)) : null;
    }

    /// <summary>The numbers that are shown as one with a last, it among them, the oldest first. Inside a read.</summary>
    public List<long> Members(long last)
    {
        var members = new List<long>();
        using var row = database.Prepare($"SELECT number FROM merged WHERE {OfMerge} ORDER BY number").Query(last, 0L);
        while (row.Read())
        {
            members.Add(row.GetInt64(0));
        }

        members.Add(last);
        return members;
    }

    /// <summary>The newest snapshot of a branch that a level has looked at; 0 if it never has.</summary>
    public long Position(string branch, CompactionLevel level) => database.Read(() => database
        .Prepare("SELECT upto FROM compactions WHERE branch = (SELECT id FROM branches WHERE name = $1) AND level = $2").Scalar(branch, Stored(level))) ?? 0;

    /// <summary>Notes how far a level is. Inside a write.</summary>
    public void SetPosition(string branch, CompactionLevel level, long upTo) => database
        .Prepare("INSERT INTO compactions (branch, level, upto) SELECT id, $2, $3 FROM branches WHERE name = $1 ON CONFLICT DO UPDATE SET upto = excluded.upto")
        .Execute(branch, Stored(level), upTo);

    // What an emergency frees, aggressive frees as well.
    private static long Stored(CompactionLevel level) => level == CompactionLevel.Normal ? 0 : 1;

    /// <summary>
    /// Whose state has to stay that of a number: labelled, branched from, returned to, verified; and what was inverted, with what
    /// was before it, so that nothing else comes to be shown as inverted. Inside a read.
    /// </summary>
    public HashSet<SnapshotNumber> Kept(long after, long upTo)
    {
        var kept = new HashSet<SnapshotNumber>();
        using var row = database.Prepare($"""
            SELECT snapshot FROM labels WHERE snapshot BETWEEN $1 AND $2 UNION SELECT fork FROM branches WHERE fork BETWEEN $1 AND $2
            UNION SELECT target FROM snapshots WHERE target BETWEEN $1 AND $2 UNION SELECT snapshot FROM verifications WHERE snapshot BETWEEN $1 AND $2
            UNION SELECT target FROM restores WHERE target BETWEEN $1 AND $2
            UNION SELECT s.parent FROM snapshots r JOIN snapshots s ON s.number = coalesce((SELECT first FROM merges WHERE last = r.target AND freed = 0), r.target)
                WHERE r.target > $1 AND r.kind = {(int)SnapshotKind.Revert} AND s.parent BETWEEN $1 AND $2
            """).Query(after, upTo);
        while (row.Read())
        {
            kept.Add(new SnapshotNumber(row.GetInt64(0)));
        }

        return kept;
    }

    /// <summary>Records a merge. Inside a write.</summary>
    /// <param name="merge">The merge.</param>
    /// <param name="members">What it takes in, but for its last.</param>
    /// <param name="isFreed">Whether these are gone, or only not shown.</param>
    public void Add(Merge merge, IReadOnlyList<long> members, bool isFreed)
    {
        var (first, last, freed) = (merge.First.Value, merge.Last.Value, isFreed ? 1L : 0L);
        Forget(last);
        foreach (var member in members)
        {
            Forget(member);
            if (isFreed)
            {
                first = Math.Min(first, Redirect(member, last));
            }

            database.Prepare("INSERT INTO merged (number, last, freed) VALUES ($1, $2, $3)").Execute(member, last, freed);
        }

        database.Prepare("INSERT INTO merges (last, freed, first, operations, rule) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET first = min(first, excluded.first), operations = excluded.operations, rule = excluded.rule")
            .Execute(last, freed, first, (long)merge.OperationCount, (long)merge.Rule);
    }

    /// <summary>Has what was freed into a snapshot lead to another, into which that one is freed now.</summary>
    /// <returns>The oldest of them; the snapshot itself if there are none.</returns>
    private long Redirect(long from, long to)
    {
        var first = database.Prepare("SELECT first FROM merges WHERE last = $1 AND freed = 1").Scalar(from);
        if (first is not null)
        {
            database.Prepare($"UPDATE merged SET last = $3 WHERE {OfMerge}").Execute(from, 1L, to);
            database.Prepare("DELETE FROM merges WHERE last = $1 AND freed = 1").Execute(from);
        }

        return first ?? from;
    }

    /// <summary>Whether exactly this is shown as one already. Inside a read.</summary>
    public bool IsShown(Merge merge) => database.Prepare("SELECT 1 FROM merges WHERE last = $1 AND first = $2 AND freed = 0").Scalar(merge.Last.Value, merge.First.Value) is not null;

    /// <summary>
    /// Has a snapshot shown by itself, or as the last of a merge: it was labelled, or something leads back to it. What came
    /// before and after it in a merge stays merged. Inside a write.
    /// </summary>
    /// <param name="number">Which.</param>
    /// <param name="standsAlone">Whether it is to be shown without what came before it, too: it was inverted by itself.</param>
    public void Split(SnapshotNumber number, bool standsAlone = false)
    {
        using (var row = database.Prepare("SELECT m.last, m.rule FROM merged n JOIN merges m ON m.last = n.last AND m.freed = n.freed WHERE n.number = $1 AND n.freed = 0").Query(number.Value))
        {
            if (!row.Read())
            {
                return;
            }

            var (last, rule) = (row.GetInt64(0), (MergeRule)row.GetInt32(1));
            var members = Members(last);
            Forget(last);
            AddPart(members.FindAll(member => standsAlone ? member < number.Value : member <= number.Value), rule);
            AddPart(members.FindAll(member => member > number.Value), rule);
        }
    }

    private void AddPart(List<long> members, MergeRule rule)
    {
        if (members.Count > 1)
        {
            var operations = database.Prepare("SELECT sum(operations) FROM snapshots WHERE number BETWEEN $1 AND $2 AND branch = (SELECT branch FROM snapshots WHERE number = $1)").Scalar(members[0], members[^1]) ?? members.Count;
            Add(new Merge(new SnapshotNumber(members[0]), new SnapshotNumber(members[^1]), (int)operations, rule, []), members[..^1], isFreed: false);
        }
    }

    /// <summary>Ends a merge that a number is in, if that only concerned what is shown.</summary>
    private void Forget(long member)
    {
        if (database.Prepare("SELECT last FROM merges WHERE freed = 0 AND last = coalesce((SELECT last FROM merged WHERE number = $1 AND freed = 0), $1)").Scalar(member) is { } last)
        {
            database.Prepare($"DELETE FROM merged WHERE {OfMerge}").Execute(last, 0L);
            database.Prepare("DELETE FROM merges WHERE last = $1 AND freed = 0").Execute(last);
        }
    }
}
