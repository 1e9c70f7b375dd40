using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// What captures saw and could not record, unreadable or too large, or had not looked at before, since a rule ignores it. At a snapshot such a path is neither
/// there nor absent: nobody knows. Inside a read of the database.
/// </summary>
/// <remarks>What a deadline left for later is none of it: in a large tree that is most of it, and what is made there afterwards shall go again.</remarks>
internal sealed class SkippedEntries(StoreDatabase database)
{
    /// <summary>
    /// The counter of snapshots that miss something. Where it is 0, as in most stores, nothing has to be looked for; where it is not there, as in a store
    /// that is older than it, nothing is known.
    /// </summary>
    public const string Counter = "incomplete";

    /// <summary>As <see cref="Counter"/>, of snapshots that have ignored entries recorded from there on.</summary>
    public const string IgnoredCounter = "ignored";

    /// <summary>Whether there may be any. Costs a seek or two.</summary>
    public bool MayBeUnknown() => IsCounted(Counter) || IsCounted(IgnoredCounter);

    /// <summary>Has both counters say nothing that the snapshots do not: one is counted, and without the other all are looked at. Inside a write.</summary>
    public static void Recount(StoreDatabase database)
    {
        database.Prepare("INSERT OR REPLACE INTO counters (name, value) SELECT $1, count(*) FROM snapshots WHERE complete = 0").Execute(Counter);
        database.Prepare("DELETE FROM counters WHERE name = $1").Execute(IgnoredCounter);
    }

    /// <summary>Those of the paths that are unknown at a snapshot: skipped, or below a directory that was, by it or one before, and not recorded since.</summary>
    public List<WorkspacePath> UnknownAt(SnapshotNumber snapshot, IReadOnlyCollection<WorkspacePath> paths)
    {
        if (paths.Count == 0 || !IsCounted(Counter) || Lineage.Of(database, snapshot.Value) is not { } lineage)
        {
            return [];
        }

        var skipped = Skipped(lineage);
        return [.. paths.Where(path => path.Ancestors().Append(path).Max(place => skipped.GetValueOrDefault(place)) is > 0 and var last && LastChange(lineage, path) <= last)];
    }

    /// <summary>
    /// Those of the paths, all absent at an earlier snapshot, of which the history before <paramref name="head"/> does not say that they were, each with the snapshot that
    /// recorded it first since: unknown at the earlier one, or ignored by a rule, so that nobody had looked there before it.
    /// </summary>
    public Dictionary<WorkspacePath, SnapshotNumber> FirstKnown(SnapshotNumber head, SnapshotNumber earlier, IReadOnlyCollection<WorkspacePath> paths)
    {
        if (paths.Count == 0 || !MayBeUnknown() || Lineage.Of(database, head.Value) is not { } lineage)
        {
            return [];
        }

        var isBehind = database.Prepare("SELECT branch FROM snapshots WHERE number = $1").Scalar(earlier.Value) is { } branch && lineage.Contains(branch, earlier.Value);
        var unknown = UnknownAt(earlier, paths).ToHashSet();
        return paths.GroupBy(path => FirstChange(lineage, path, isBehind ? earlier.Value : 0))
            .SelectMany(first => Unknown(first, Ignored(first.Key), unknown).Select(path => (Path: path, First: new SnapshotNumber(first.Key))))
            .ToDictionary(known => known.Path, known => known.First);
    }

    /// <summary>Counts what a new snapshot has of both. Inside a write.</summary>
    public void Count(Coverage coverage)
    {
        var counters = new CounterTable(database);
        if (!coverage.IsComplete)
        {
            counters.Add(Counter, 1);
        }

        if (coverage.Skipped.Any(entry => entry.Reason == SkipReason.Ignored))
        {
            counters.Add(IgnoredCounter, 1);
        }
    }

    /// <summary>
    /// Has the last of several neighbours say what those before it skipped and none has recorded since: they are about to be freed into it, and what they say goes with them. Inside a write,
    /// while their changes are there still.
    /// </summary>
    /// <remarks>The last counts as incomplete then, as they did. Its hash is to be computed anew.</remarks>
    public void HandOn(long branch, long first, long last)
    {
        if (!MayBeUnknown())
        {
            return;
        }

        var own = Of(last);
        var known = own.Select(entry => entry.Path).ToHashSet();
        List<SkippedEntry> lost = [.. Incomplete(branch, first, last - 1).Where(row => !IsRecordedSince(branch, row.Entry.Path, row.Number, last) && known.Add(row.Entry.Path)).Select(row => row.Entry)];
        List<SkippedEntry> ignored = [.. database.Prepare("SELECT number FROM snapshots WHERE branch = $1 AND number BETWEEN $2 AND $3 AND skipped IS NOT NULL").Numbers(branch, first, last - 1)
            .SelectMany(Ignored).Where(known.Add).Select(path => new SkippedEntry(path, SkipReason.Ignored))];
        if (lost.Count + ignored.Count > 0)
        {
            database.Prepare("UPDATE snapshots SET complete = min(complete, $3), skipped = $2 WHERE number = $1")
                .Execute(last, SkippedCode.Pack([.. own.Concat(lost).Concat(ignored).OrderBy(entry => entry.Path)]), lost.Count > 0 ? 0L : 1L);
        }
    }

    private static IEnumerable<WorkspacePath> Unknown(IEnumerable<WorkspacePath> paths, IEnumerable<WorkspacePath> ignored, HashSet<WorkspacePath> skipped)
    {
        var places = ignored.ToHashSet();
        return paths.Where(path => skipped.Contains(path) || path.Ancestors().Append(path).Any(places.Contains));
    }

    private bool IsCounted(string counter) => database.Prepare("SELECT value FROM counters WHERE name = $1").Scalar(counter) is not 0;

    private IEnumerable<WorkspacePath> Ignored(long snapshot) => Of(snapshot).Where(entry => entry.Reason == SkipReason.Ignored).Select(entry => entry.Path);

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

    private long FirstChange(Lineage lineage, WorkspacePath path, long after) => lineage.Segments.Reverse()
        .Select(segment => database.Prepare("SELECT min(snapshot) FROM changes WHERE path = (SELECT id FROM paths WHERE path = $1) AND branch = $2 AND snapshot > $3 AND snapshot <= $4")
            .Scalar(path.Bytes.ToArray(), segment.Branch, after, segment.UpTo))
        .FirstOrDefault(found => found is not null) ?? 0;

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
