using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>
/// What belongs into which layer, read off the store alone: a process that lives for milliseconds fills no layer, and can
/// still say what one that stays would hold. L1 are the last operations of the branch, L2 those of the current session
/// beyond, as far as they lie close before; the bytes are those of the contents before and after them, each content once.
/// </summary>
internal sealed class LayerCensus(StoreDatabase database)
{
    /// <summary>Of a snapshot of more changes, a checkout, only these are weighed: memory would not hold it.</summary>
    private const long MaxChangesWeighed = OperationSnapshot.MaxHeldChanges;

    /// <summary>The session's operations are looked for among so many snapshots: so the cost is bounded, however long the history and however many sessions in it.</summary>
    private const long MaxSnapshotsLookedAt = 5_000;

    public (LayerUse L1, LayerUse L2) Take(string branch) => database.ReadConsistently(() =>
    {
        var last = LastOperations(branch);
        var session = BeforeInSession(last);
        return (new LayerUse(SnapshotLayer.L1, last.Count, WeighBytes(last)), new LayerUse(SnapshotLayer.L2, session.Count, WeighBytes(session)));
    });

    /// <summary>Where an operation belongs, archives apart.</summary>
    public SnapshotLayer LayerOf(string branch, SnapshotNumber number) => database.ReadConsistently(() =>
    {
        var last = LastOperations(branch);
        return last.Contains(number.Value) ? SnapshotLayer.L1 : BeforeInSession(last).Contains(number.Value) ? SnapshotLayer.L2 : SnapshotLayer.Disk;
    });

    /// <summary>How many snapshots there are, of all branches, and what the database takes, its log included.</summary>
    public LayerUse Disk() => new(
        SnapshotLayer.Disk,
        database.Read(() => database.Prepare("SELECT count(*) FROM snapshots").Scalar()) ?? 0,
        new FileInfo(database.Path).Length + database.WalBytes);

    /// <summary>Whether a snapshot changed no more paths than memory holds of one.</summary>
    public bool HasFewChanges(SnapshotNumber number) => database.Read(() =>
        database.Prepare("SELECT count(*) FROM (SELECT 1 FROM changes WHERE snapshot = $1 LIMIT $2)").Scalar(number.Value, MaxChangesWeighed + 1)) <= MaxChangesWeighed;

    /// <summary>The numbers of the branch's last operations, the newest first, along parents. The baseline is none.</summary>
    private List<long> LastOperations(string branch)
    {
        var numbers = new List<long>();
        var next = database.Prepare("SELECT coalesce(head, fork) FROM branches WHERE name = $1").Scalar(branch);
        while (next is { } number && numbers.Count < OperationBuffer.Capacity && database.Prepare("SELECT parent FROM snapshots WHERE number = $1").Scalar(number) is { } parent)
        {
            numbers.Add(number);
            next = parent;
        }

        return numbers;
    }

    /// <summary>
    /// The operations before <paramref name="last"/> of the session that the newest of them belongs to, as far as L2 takes them;
    /// those that compaction merged count as one, as in the log. What names no session is a session of its own, as L2 has it.
    /// </summary>
    private List<long> BeforeInSession(List<long> last)
    {
        var numbers = new List<long>();
        if (last.Count < OperationBuffer.Capacity)
        {
            return numbers;
        }

        using var row = database.Prepare("""
            SELECT s.number FROM snapshots s NOT INDEXED WHERE s.number < $2 AND s.number >= $2 - $4 AND s.parent IS NOT NULL
            AND (SELECT b.session FROM actors b WHERE b.id = s.actor) IS (SELECT a.session FROM snapshots n JOIN actors a ON a.id = n.actor WHERE n.number = $1)
            AND NOT EXISTS (SELECT 1 FROM merged m WHERE m.number = s.number)
            ORDER BY s.number DESC LIMIT $3
            """).Query(last[0], last[^1], (long)SessionCache.MaxOperationsPerSession, MaxSnapshotsLookedAt);
        while (row.Read())
        {
            numbers.Add(row.GetInt64(0));
        }

        return numbers;
    }

    private long WeighBytes(List<long> snapshots)
    {
        var sizes = new Dictionary<long, long>();
        foreach (var snapshot in snapshots)
        {
            using var row = database.Prepare("""
                SELECT k.id, k.size FROM changes c
                LEFT JOIN snapshots sq ON sq.number = c.previous
                LEFT JOIN changes q ON q.path = c.path AND q.branch = sq.branch AND q.snapshot = c.previous
                JOIN contents k ON k.id = c.content OR k.id = q.content
                WHERE c.snapshot = $1 LIMIT $2
                """).Query(snapshot, MaxChangesWeighed);
            while (row.Read())
            {
                sizes[row.GetInt64(0)] = row.GetInt64(1);
            }
        }

        return sizes.Values.Sum();
    }
}
