using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// Makes an archive of what the database holds: the snapshots since the archive before, the contents they brought, the
/// state they led to. Contents that an archive below has already are not stored again. The folder's lock must be held.
/// </summary>
internal sealed class MilestoneArchiver(SnapshotStore store, StoreDatabase database, MilestoneStore archives)
{
    /// <summary>Somebody waits for it, so only little is compressed well: it costs some 180 ms of processor a MB.</summary>
    private const int Level = 12;

    private const long MaxBytesAtLevel = 1024 * 1024;

    /// <summary>A clean-up has the time for a better one (<see cref="MilestoneRepacker"/>).</summary>
    private const int LevelOfMany = ContentCodec.Level;

    /// <returns>The archive that holds the snapshot, and whether it was there before.</returns>
    /// <exception cref="SavepointException">An archive of another history has this number.</exception>
    public (MilestoneArchive Archive, bool WasThere) Archive(SnapshotNumber number, CancellationToken cancellationToken)
    {
        archives.Forget(); // another process may have replaced what is open, as forgetting does
        if (archives.FindHolding(number) is { } present)
        {
            if (IsOurs(present, number))
            {
                return (present, true);
            }

            if (present.Summary.Mark.Number == number.Value)
            {
                throw new SavepointException(
                    ErrorCode.Damaged,
                    $"The archive {present.File.FilePath} holds another snapshot {number} than the store: the store has lost its newest snapshots once, or the file comes from elsewhere.",
                    "Nothing was written. 'savepoint verify' shows what is lost, 'savepoint repair' mends it; move the file away if you do not want it, and repeat.");
            }
        }

        var mark = store.MarkOf(number)!.Value;
        var part = database.ReadConsistently(() => Gather(number, mark));
        using (var file = new MilestoneFileWriter(archives.Folder))
        {
            Write(file, part, cancellationToken);
            file.Finish(number);
        }

        archives.Forget();
        return (archives.Open(number), false);
    }

    private Part Gather(SnapshotNumber number, HeadMark mark)
    {
        var lineage = Lineage.OfExisting(database, number.Value);
        var parent = ParentOf(number, lineage);
        var after = parent?.Summary.Mark.Number ?? 0;
        var numbers = lineage.Numbers(database, after);
        var contents = new ArchivedContents(parent is null ? [] : archives.Ancestors(parent).Prepend(parent));
        foreach (var segment in lineage.Segments.TakeWhile(segment => segment.UpTo > after))
        {
            contents.Gather(database, segment, after);
        }

        var manifestBase = archives.BaseFor(parent);
        var differences = manifestBase is null ? null : store.Between(new SnapshotNumber(manifestBase.Summary.Mark.Number), number);
        if (differences is null || differences.Count > manifestBase!.Summary.Statistics.EntryCount / 2)
        {
            var tree = store.WholeTreeAt(number);
            return new Part(mark, parent, numbers, contents.InOrder(), null, [.. tree], tree.Count);
        }

        // Entries that came, less those that went.
        var gained = differences.Sum(change => change.Before.IsAbsent ? 1 : change.After.IsAbsent ? -1 : 0);
        return new Part(
            mark, parent, numbers, contents.InOrder(), manifestBase,
            differences.ConvertAll(change => KeyValuePair.Create(change.Path, change.After)), manifestBase.Summary.Statistics.EntryCount + gained);
    }

    /// <summary>The newest archive on the lineage before the snapshot. One whose record the store knows otherwise is another history's.</summary>
    private MilestoneArchive? ParentOf(SnapshotNumber number, Lineage lineage) => archives.Numbers().AsEnumerable().Reverse()
        .Where(at => at < number && store.FindHeader(at) is { } header && lineage.Contains(BranchOf(header.Number), at.Value))
        .Select(archives.Open)
        .FirstOrDefault(archive => IsOurs(archive, new SnapshotNumber(archive.Summary.Mark.Number)) && archives.IsWhole(archive));

    /// <summary>Whether an archive has the store's own state at a snapshot. Compaction rewrites the record of one that others were merged into, never its state.</summary>
    private bool IsOurs(MilestoneArchive archive, SnapshotNumber number) =>
        (archive.Summary.Mark.Number == number.Value && archive.Summary.Mark == store.MarkOf(number))
        || (store.FindHeader(number) is { } header && header.Time == TimeIn(archive, number) && HasState(number));

    private static DateTimeOffset? TimeIn(MilestoneArchive archive, SnapshotNumber number) => archive.Summary.Mark.Number == number.Value
        ? archive.Summary.Time
        : archive.History().FirstOrDefault(snapshot => snapshot.Header.Number == number)?.Header.Time;

    private bool HasState(SnapshotNumber number)
    {
        try
        {
            var (archived, recorded) = (archives.StateAt(number), store.WholeTreeAt(number));
            return archived.Count == recorded.Count && archived.All(entry => recorded.TryGetValue(entry.Key, out var state) && state == entry.Value);
        }
        catch (SavepointException)
        {
            return false; // it cannot be read, or stands on one that cannot
        }
    }

    private long BranchOf(SnapshotNumber number) => database.Prepare("SELECT branch FROM snapshots WHERE number = $1").Scalar(number.Value) ?? 0;

    private void Write(MilestoneFileWriter file, Part part, CancellationToken cancellationToken)
    {
        var bytes = part.Contents.Sum(content => content.SizeBytes);
        var level = bytes <= MaxBytesAtLevel ? Level : LevelOfMany;
        var ordinals = new Dictionary<ContentId, long>(part.Contents.Count);
        using (var packs = new PackStream(file, level))
        {
            foreach (var (id, size) in part.Contents)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ordinals.Add(id, ordinals.Count);
                packs.Begin(id, size);
                store.Contents.CopyTo(id, packs);
            }

            packs.Finish();
        }

        file.Add(BlockKind.Manifest, ManifestBlock.Write(part.Base is null, part.Manifest, ordinals), level);
        var history = new HistoryPart(file, ordinals, level);
        foreach (var number in part.Numbers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            history.Add(store.Find(new SnapshotNumber(number)) ?? throw new SavepointException(ErrorCode.Busy, $"Snapshot {number} was merged while it was archived.", "Repeat the command."));
        }

        history.Finish();
        file.Add(BlockKind.Verifications, VerificationBlock.Write(VerificationsOf(part)), level);
        var statistics = history.Statistics with { EntryCount = part.EntryCount, ContentCount = part.Contents.Count, ContentBytes = bytes };
        var summary = new MilestoneSummary(
            part.Mark, history.Last.Time, history.Last.Branch, part.Parent?.Summary.Mark ?? HeadMark.None, part.Base?.Summary.Mark ?? HeadMark.None,
            part.Parent is { } parent ? parent.Summary.Position + 1 : 0, Runs(part.Numbers), statistics, level);
        file.AddSummary(summary);
    }

    private List<Verification> VerificationsOf(Part part)
    {
        var verified = new List<long>();
        database.Read(() =>
        {
            using var row = database.Prepare("SELECT DISTINCT snapshot FROM verifications WHERE snapshot >= $1 AND snapshot <= $2").Query(part.Numbers.Min, part.Numbers.Max);
            while (row.Read())
            {
                verified.Add(row.GetInt64(0));
            }

            return true;
        });
        return [.. verified.Where(part.Numbers.Contains).SelectMany(number => store.Verifications.Of(new SnapshotNumber(number))).OrderBy(verification => verification.Id)];
    }

    private static List<(long First, long Count)> Runs(SortedSet<long> numbers)
    {
        var runs = new List<(long First, long Count)>();
        foreach (var number in numbers)
        {
            if (runs.Count > 0 && runs[^1] is var last && last.First + last.Count == number)
            {
                runs[^1] = (last.First, last.Count + 1);
            }
            else
            {
                runs.Add((number, 1));
            }
        }

        return runs;
    }

    /// <summary>What goes into an archive.</summary>
    /// <param name="Mark">The snapshot whose state it holds.</param>
    /// <param name="Parent">The archive that it stands on.</param>
    /// <param name="Numbers">Its snapshots.</param>
    /// <param name="Contents">Its contents, in their order.</param>
    /// <param name="Base">The archive to which the manifest is the difference; null if it is whole.</param>
    /// <param name="Manifest">The manifest's entries.</param>
    /// <param name="EntryCount">The entries of the state.</param>
    private sealed record Part(
        HeadMark Mark, MilestoneArchive? Parent, SortedSet<long> Numbers, List<(ContentId Id, long SizeBytes)> Contents,
        MilestoneArchive? Base, List<KeyValuePair<WorkspacePath, FileState>> Manifest, long EntryCount);
}
