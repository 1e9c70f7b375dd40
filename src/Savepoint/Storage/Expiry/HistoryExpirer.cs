using Savepoint.Compaction;
using Savepoint.Model;

namespace Savepoint.Storage.Expiry;

/// <summary>
/// Frees states of a branch for the store's quota, window by window: decided and carried out in one transaction, so that
/// nothing can come to be held between the two. Inside a write of the database, with the workspace's lock held alone.
/// </summary>
/// <param name="database">The store's.</param>
/// <param name="reader">Reads its snapshots.</param>
/// <param name="merges">What was freed, and into what.</param>
/// <param name="isWhole">Whether a rollback to a target was one of the whole tree.</param>
internal sealed class HistoryExpirer(StoreDatabase database, SnapshotReader reader, MergeTable merges, Func<SnapshotNumber, SnapshotNumber, bool> isWhole)
{
    private const int WindowLength = 500; // bounds how long others wait for the store
    private const long ThinPosition = 3; // compactions.level; 0 to 2 are those of compaction
    private const long MicrosecondsPerHour = 3_600_000_000;

    /// <summary>Expires what one window of the branch allows.</summary>
    /// <param name="branch">The branch's name.</param>
    /// <param name="stage">How far to go.</param>
    /// <param name="upTo">The newest snapshot that may go, or become the end of a range.</param>
    /// <param name="held">Numbers that must stay: the last operations of any branch.</param>
    /// <returns>How many snapshots are gone, and whether this branch has nothing more to give at this stage.</returns>
    public (long Count, bool IsEnd) Expire(string branch, ExpiryStage stage, long upTo, IReadOnlySet<long> held)
    {
        var id = database.Prepare("SELECT id FROM branches WHERE name = $1").Scalar(branch) ?? 0;
        var after = stage == ExpiryStage.Thin ? Position(id) : 0;
        var candidates = Candidates(id, after, upTo, Held(after, upTo, stage, held));
        if (candidates.Count < 2)
        {
            return (0, true);
        }

        long count = 0;
        foreach (var (first, last) in ExpiryPlan.Ranges(candidates, Wanted(candidates), stage, new MergeHistoryReader(database, isWhole).EndsOf(id)))
        {
            count += Free(id, first, last);
        }

        var isLastWindow = candidates.Count < WindowLength;
        if (stage == ExpiryStage.Thin)
        {
            SetPosition(id, candidates[^1].Number);
        }

        // What is held at the beginning stays there and would be looked at for ever: the window grows with what stays.
        return (count, stage == ExpiryStage.Thin ? isLastWindow : count == 0);
    }

    private long Free(long branch, long first, long last)
    {
        var operations = database.Prepare("SELECT sum(operations) FROM snapshots WHERE number BETWEEN $1 AND $2 AND branch = $3").Scalar(first, last, branch) ?? 1;
        var merge = new Merge(new SnapshotNumber(first), new SnapshotNumber(last), (int)Math.Min(operations, int.MaxValue), MergeRule.Expired, []);
        var before = database.Prepare("SELECT count(*) FROM snapshots WHERE number BETWEEN $1 AND $2 AND branch = $3").Scalar(first, last, branch) ?? 0;
        return new SnapshotMerger(database, reader, merges).FreeDecided(merge) ? before - 1 : 0;
    }

    private List<ExpiryCandidate> Candidates(long branch, long after, long upTo, HashSet<long> held)
    {
        var candidates = new List<ExpiryCandidate>();
        using var row = database.Prepare($"""
            SELECT s.number, s.actor, s.time, s.parent, s.target,
                CASE s.kind WHEN {(int)SnapshotKind.Revert} THEN (SELECT t.parent FROM snapshots t WHERE t.number = s.target) END
            FROM snapshots s WHERE s.number > $1 AND s.number <= $2 AND s.branch = $3 ORDER BY s.number
            """).Query(after, upTo, branch);
        var open = 0; // candidates that are not held
        while (open < WindowLength && row.Read())
        {
            var number = row.GetInt64(0);
            var isBaseline = row.IsNull(3);
            var group = isBaseline ? long.MinValue : row.Int64OrNull(1) ?? -1 - (row.GetInt64(2) / MicrosecondsPerHour);
            candidates.Add(new ExpiryCandidate(number, group, held.Contains(number), row.Int64OrNull(4), row.Int64OrNull(5)));
            open += held.Contains(number) ? 0 : 1;
        }

        return candidates;
    }

    /// <summary>What leads back into the candidates from outside.</summary>
    private HashSet<long> Wanted(List<ExpiryCandidate> candidates)
    {
        var own = candidates.Select(candidate => candidate.Number).ToHashSet();
        var wanted = new HashSet<long>();
        var (first, last) = (candidates[0].Number, candidates[^1].Number);
        var next = database.Prepare("SELECT min(number) FROM snapshots WHERE number > $1 AND branch = (SELECT branch FROM snapshots WHERE number = $1)").Scalar(last) ?? last; // inverted, it holds the last
        using var row = database.Prepare($"""
            SELECT s.number, s.target, CASE s.kind WHEN {(int)SnapshotKind.Revert} THEN (SELECT t.parent FROM snapshots t WHERE t.number = s.target) END
            FROM snapshots s WHERE s.target BETWEEN $1 AND $2
            """).Query(first, next);
        while (row.Read())
        {
            if (!own.Contains(row.GetInt64(0)))
            {
                wanted.Add(row.GetInt64(1));
                wanted.Add(row.Int64OrNull(2) ?? 0);
            }
        }

        return wanted;
    }

    /// <summary>What labels, branches, a restore under way and verifications hold, beside what the caller holds.</summary>
    private HashSet<long> Held(long after, long upTo, ExpiryStage stage, IReadOnlySet<long> held)
    {
        var all = new HashSet<long>(held);

        // While there are single steps to free, all that was verified stays; then only the state that a rollback would go back to, which the caller holds.
        var verified = stage == ExpiryStage.Thin ? "UNION SELECT snapshot FROM verifications WHERE snapshot BETWEEN $1 AND $2" : "";
        using var row = database.Prepare($"""
            SELECT snapshot FROM labels WHERE snapshot BETWEEN $1 AND $2 UNION SELECT fork FROM branches WHERE fork BETWEEN $1 AND $2
            UNION SELECT head FROM branches WHERE head BETWEEN $1 AND $2
            UNION SELECT snapshot FROM frozen_bases WHERE snapshot BETWEEN $1 AND $2 UNION SELECT target FROM restores WHERE target BETWEEN $1 AND $2 {verified}
            """).Query(after, upTo);
        while (row.Read())
        {
            all.Add(row.GetInt64(0));
        }

        return all;
    }

    private long Position(long branch) => database.Prepare("SELECT upto FROM compactions WHERE branch = $1 AND level = $2").Scalar(branch, ThinPosition) ?? 0;

    private void SetPosition(long branch, long upTo) => database
        .Prepare("INSERT INTO compactions (branch, level, upto) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET upto = excluded.upto").Execute(branch, ThinPosition, upTo);
}
