using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// What captures saw and could not record: unreadable, or too large. At a snapshot such a path is neither there nor absent: nobody knows. Inside a read of
/// the database.
/// </summary>
/// <remarks>What a deadline left for later is none of it: in a large tree that is most of it, and what is made there afterwards shall go again.</remarks>
internal sealed class SkippedEntries(StoreDatabase database)
{
    /// <summary>The counter of snapshots that miss something: where it is 0, as in most stores, nothing has to be looked for.</summary>
    public const string Counter = "incomplete";

    /// <summary>Those of the paths that are unknown at a snapshot: skipped, or below a directory that was, by it or one before, and not recorded since.</summary>
    public List<WorkspacePath> UnknownAt(SnapshotNumber snapshot, IEnumerable<WorkspacePath> paths)
    {
        if (new CounterTable(database).Find(Counter) == 0 || Lineage.Of(database, snapshot.Value) is not { } lineage || paths.ToList() is not { Count: > 0 } asked)
        {
            return [];
        }

        var skipped = Skipped(lineage);
        return asked.FindAll(path => skipped.Find(entry => path.IsWithin(entry.Path)) is { } entry && LastChange(lineage, path) < entry.Snapshot);
    }

    /// <summary>All of a lineage, the newest first.</summary>
    private List<Entry> Skipped(Lineage lineage)
    {
        var found = new List<Entry>();
        foreach (var segment in lineage.Segments)
        {
            using var row = database.Prepare("SELECT number, skipped FROM snapshots WHERE complete = 0 AND branch = $1 AND number <= $2 ORDER BY number DESC").Query(segment.Branch, segment.UpTo);
            while (row.Read())
            {
                var number = row.GetInt64(0);
                found.AddRange(SkippedCode.Unpack(row.BytesOrNull(1))
                    .Where(entry => entry.Reason is SkipReason.Unreadable or SkipReason.TooLarge).Select(entry => new Entry(number, entry.Path)));
            }
        }

        return found;
    }

    private long LastChange(Lineage lineage, WorkspacePath path) => lineage.Segments
        .Select(segment => database.Prepare("SELECT max(snapshot) FROM changes WHERE path = (SELECT id FROM paths WHERE path = $1) AND branch = $2 AND snapshot <= $3")
            .Scalar(path.Bytes.ToArray(), segment.Branch, segment.UpTo))
        .FirstOrDefault(found => found is not null) ?? 0;

    private sealed record Entry(long Snapshot, WorkspacePath Path);
}
