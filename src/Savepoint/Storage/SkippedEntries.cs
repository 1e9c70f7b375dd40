using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// What captures saw and could not record: unreadable, or too large. At a snapshot such a path is neither there nor absent: nobody knows. Inside a read of
/// the database.
/// </summary>
/// <remarks>What a deadline left for later is none of it: in a large tree that is most of it, and what is made there afterwards shall go again.</remarks>
internal sealed class SkippedEntries(StoreDatabase database)
{
    /// <summary>
    /// The counter of snapshots that miss something. Where it is 0, as in most stores, nothing has to be looked for; where it is not there, as in a store
    /// that is older than it, nothing is known.
    /// </summary>
    public const string Counter = "incomplete";

    /// <summary>Whether there may be any. Costs one seek.</summary>
    public bool MayBe() => database.Prepare("SELECT value FROM counters WHERE name = $1").Scalar(Counter) is not 0;

    /// <summary>Sets the counter to what the snapshots say. Inside a write.</summary>
    public static void Recount(StoreDatabase database) =>
        database.Prepare("INSERT OR REPLACE INTO counters (name, value) SELECT $1, count(*) FROM snapshots WHERE complete = 0").Execute(Counter);

    /// <summary>Those of the paths that are unknown at a snapshot: skipped, or below a directory that was, by it or one before, and not recorded since.</summary>
    public List<WorkspacePath> UnknownAt(SnapshotNumber snapshot, IReadOnlyCollection<WorkspacePath> paths)
    {
        if (paths.Count == 0 || !MayBe() || Lineage.Of(database, snapshot.Value) is not { } lineage)
        {
            return [];
        }

        var skipped = Skipped(lineage);
        return [.. paths.Where(path => path.Ancestors().Append(path).Max(place => skipped.GetValueOrDefault(place)) is > 0 and var last && LastChange(lineage, path) <= last)];
    }

    /// <summary>
    /// Has the last of several neighbours say what those before it skipped and none has recorded since: they are about to be freed into it, and what they say goes with them. Inside a write,
    /// while their changes are there still.
    /// </summary>
    /// <remarks>The last counts as incomplete then, as they did. Its hash is to be computed anew.</remarks>
    public void HandOn(long branch, long first, long last)
    {
        if (!MayBe())
        {
            return;
        }

        var own = Of(last);
        var known = own.Select(entry => entry.Path).ToHashSet();
        var handedOn = Incomplete(branch, first, last - 1)
            .Where(row => !IsRecordedSince(branch, row.Entry.Path, row.Number, last) && known.Add(row.Entry.Path))
            .Select(row => row.Entry).ToList();
        if (handedOn.Count > 0)
        {
            database.Prepare("UPDATE snapshots SET complete = 0, skipped = $2 WHERE number = $1").Execute(last, SkippedCode.Pack([.. own.Concat(handedOn).OrderBy(entry => entry.Path)]));
        }
    }

    private IReadOnlyList<SkippedEntry> Of(long snapshot)
    {
        using var row = database.Prepare("SELECT skipped FROM snapshots WHERE number = $1").Query(snapshot);
        return row.Read() ? SkippedCode.Unpack(row.BytesOrNull(0)) : [];
    }

    private bool IsRecordedSince(long branch, WorkspacePath path, long after, long upTo) => database
        .Prepare("SELECT 1 FROM changes WHERE path = (SELECT id FROM paths WHERE path = $1) AND branch = $2 AND snapshot > $3 AND snapshot <= $4 LIMIT 1")
        .Scalar(path.Bytes.ToArray(), branch, after, upTo) is not null;

    /// <summary>Each path that a snapshot of a lineage skipped, with the newest that did.</summary>
    private Dictionary<WorkspacePath, long> Skipped(Lineage lineage)
    {
        var newest = new Dictionary<WorkspacePath, long>();
        foreach (var segment in lineage.Segments)
        {
            foreach (var (number, entry) in Incomplete(segment.Branch, 1, segment.UpTo))
            {
                newest.TryAdd(entry.Path, number);
            }
        }

        return newest;
    }

    /// <summary>What the snapshots of a stretch skipped, the newest first.</summary>
    private List<(long Number, SkippedEntry Entry)> Incomplete(long branch, long first, long last)
    {
        var entries = new List<(long Number, SkippedEntry Entry)>();
        using var row = database.Prepare("SELECT number, skipped FROM snapshots WHERE complete = 0 AND branch = $1 AND number BETWEEN $2 AND $3 ORDER BY number DESC").Query(branch, first, last);
        while (row.Read())
        {
            var number = row.GetInt64(0);
            entries.AddRange(SkippedCode.Unpack(row.BytesOrNull(1)).Where(entry => entry.Reason is SkipReason.Unreadable or SkipReason.TooLarge).Select(entry => (number, entry)));
        }

        return entries;
    }

    private long LastChange(Lineage lineage, WorkspacePath path) => lineage.Segments
        .Select(segment => database.Prepare("SELECT max(snapshot) FROM changes WHERE path = (SELECT id FROM paths WHERE path = $1) AND branch = $2 AND snapshot <= $3")
            .Scalar(path.Bytes.ToArray(), segment.Branch, segment.UpTo))
        .FirstOrDefault(found => found is not null) ?? 0;
}
