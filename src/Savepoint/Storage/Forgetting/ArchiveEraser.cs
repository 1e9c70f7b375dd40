using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage.Forgetting;

/// <summary>
/// Erases paths from archives: each that knows one of them, or what was printed while it was there, is written anew without it, and so is each that stands on such a
/// one, since it names its parent by the hash of a record that is another now. The oldest first, each replaced in one step; done again, it
/// goes on. The folder's lock must be held.
/// </summary>
/// <param name="archives">The archives.</param>
/// <param name="paths">Entries to erase, each with all below it.</param>
/// <param name="first">The first snapshot that may have had one of them: what was printed from then on goes with them.</param>
internal sealed class ArchiveEraser(MilestoneStore archives, IReadOnlyList<WorkspacePath> paths, long first = long.MaxValue)
{
    /// <summary>Those that could not be read, and were left as they are.</summary>
    public List<string> Unreadable { get; } = [];

    /// <returns>How many archives were written anew.</returns>
    public int Run(CancellationToken cancellationToken)
    {
        var aside = Path.Combine(archives.Folder, MilestoneFileWriter.AsideName);
        StoreFileErrors.Guard($"What is left of an archive, {aside}, cannot be deleted", () => File.Delete(aside));
        archives.Forget();
        var erased = ContentsOnlyTheyHave();
        var count = 0;
        foreach (var number in archives.Numbers())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var archive = archives.Open(number);
                if (IsTouched(archive, erased))
                {
                    Rewrite(archive, erased, cancellationToken);
                    archives.Forget();
                    count++;
                }
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
            {
                Unreadable.Add(MilestoneFile.PathOf(archives.Folder, number));
            }
        }

        archives.Forget();
        return count;
    }

    /// <summary>The first snapshot of an archive that can be read which has one of the paths; null if none has.</summary>
    public long? FirstTouched(CancellationToken cancellationToken)
    {
        foreach (var number in archives.Numbers())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var archive = archives.Open(number);
                if (archive.History().FirstOrDefault(IsTouched) is { } snapshot)
                {
                    return snapshot.Header.Number.Value;
                }

                if (archive.Manifest().Any(entry => IsForgotten(entry.Key)))
                {
                    return archive.Summary.Mark.Number;
                }
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
            {
                // Named when it is about to be erased.
            }
        }

        return null;
    }

    private bool IsForgotten(WorkspacePath path) => paths.Any(path.IsWithin);

    /// <summary>Over all archives: what these paths have, less what any other path has.</summary>
    private HashSet<ContentId> ContentsOnlyTheyHave()
    {
        var (own, others) = (new HashSet<ContentId>(), new HashSet<ContentId>());
        foreach (var number in archives.Numbers())
        {
            try
            {
                foreach (var change in archives.Open(number).History().SelectMany(snapshot => snapshot.Resolve(archives.Open(number).Contents).Changes).SelectMany(change => change.PerPath()))
                {
                    (IsForgotten(change.Path) ? own : others).UnionWith(new[] { change.Before.ContentId, change.After.ContentId }.OfType<ContentId>());
                }
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
            {
                // Named by the second pass.
            }
        }

        own.ExceptWith(others);
        return own;
    }

    private bool IsTouched(MilestoneArchive archive, HashSet<ContentId> erased) =>
        archive.Contents.Ids.Any(erased.Contains)
        || archive.Manifest().Any(entry => IsForgotten(entry.Key))
        || archive.History().Any(IsTouched)
        || archive.Verifications().Any(HasFindings)
        || MarkNow(archive.Summary.Parent) != archive.Summary.Parent || MarkNow(archive.Summary.ManifestBase) != archive.Summary.ManifestBase;

    private bool IsTouched(ArchivedSnapshot snapshot) => snapshot.Changes.Any(change => IsForgotten(change.Path) || (change.OldPath is { } old && IsForgotten(old)));

    private bool HasFindings(Verification verification) => verification.Snapshot.Value >= first
        && (verification.Figures.Count > 0 || verification.FailingTests is { Count: > 0 } || verification.Errors.Count > 0 || !verification.Commands.IsEmpty);

    /// <summary>The mark of the archive that stands under a number now.</summary>
    private HeadMark MarkNow(HeadMark mark) => mark == HeadMark.None ? mark : archives.Open(new SnapshotNumber(mark.Number)).Summary.Mark;

    private void Rewrite(MilestoneArchive archive, HashSet<ContentId> erased, CancellationToken cancellationToken)
    {
        var level = archive.Summary.PackLevel;
        using var file = new MilestoneFileWriter(archives.Folder);
        var ordinals = new Dictionary<ContentId, long>();
        long bytes = 0;
        using (var packs = new PackStream(file, level))
        {
            foreach (var id in archive.Contents.Ids.Where(id => !erased.Contains(id)).OrderBy(id => archive.Contents.Find(id)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var ordinal = archive.Contents.Find(id)!.Value;
                var size = archive.Contents.Describe(ordinal).SizeBytes;
                ordinals.Add(id, ordinals.Count);
                packs.Begin(id, size);
                archive.Contents.CopyTo(ordinal, packs);
                bytes += size;
            }

            packs.Finish();
        }

        var entries = archive.Manifest().Where(entry => !IsForgotten(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Resolve(archive.Contents))).ToList();
        var went = archive.Manifest().Count(entry => IsForgotten(entry.Key) && entry.Value.Code != StateCode.Absent);
        file.Add(BlockKind.Manifest, ManifestBlock.Write(archive.Summary.ManifestBase == HeadMark.None, entries, ordinals), level);
        var history = new HistoryPart(file, ordinals, level);
        var mark = archive.Summary.Mark;
        foreach (var snapshot in archive.History().Select(snapshot => Without(snapshot.Resolve(archive.Contents))))
        {
            history.Add(snapshot);
            mark = snapshot.Number.Value == mark.Number ? HeadMark.Of(mark.Number, SnapshotHash.Compute(snapshot)) : mark;
        }

        history.Finish();
        file.Add(BlockKind.Verifications, VerificationBlock.Write([.. archive.Verifications().Select(verification => HasFindings(verification) ? FindingsEraser.Without(verification) : verification)]), level);
        var statistics = history.Statistics with { EntryCount = Math.Max(0, archive.Summary.Statistics.EntryCount - went), ContentCount = ordinals.Count, ContentBytes = bytes };
        file.AddSummary(archive.Summary with { Mark = mark, Parent = MarkNow(archive.Summary.Parent), ManifestBase = MarkNow(archive.Summary.ManifestBase), Statistics = statistics });
        file.Finish(new SnapshotNumber(mark.Number));
    }

    /// <summary>A snapshot without what it did to these paths; a move from or to one of them is an appearance or a disappearance.</summary>
    private Snapshot Without(Snapshot snapshot) => snapshot with
    {
        Changes = [.. snapshot.Changes.SelectMany(change => change.OldPath is { } old && (IsForgotten(old) || IsForgotten(change.Path)) ? change.PerPath() : [change]).Where(change => !IsForgotten(change.Path)).OrderBy(change => change.Path)],
    };
}
