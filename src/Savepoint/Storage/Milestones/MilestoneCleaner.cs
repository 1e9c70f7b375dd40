using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// Deletes the archives that no milestone label and no other archive needs, and what writers that died have left; packs the
/// others well. The folder's lock must be held.
/// </summary>
internal sealed class MilestoneCleaner(MilestoneStore archives)
{
    /// <param name="labelled">The snapshots that milestone labels name, or named before they were lost: nobody else has those.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>How many were deleted, and how many were packed anew.</returns>
    public (int Freed, int Packed) Run(IEnumerable<SnapshotNumber> labelled, CancellationToken cancellationToken)
    {
        archives.Forget(); // another process may have replaced what is open
        Delete(Path.Combine(archives.Folder, MilestoneFileWriter.AsideName));
        var needed = Needed(labelled);
        var (freed, packed) = (0, 0);
        foreach (var number in archives.Numbers())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryOpen(number) is not { } archive)
            {
                continue; // damaged: a repair may still want it
            }

            if (needed is not null && !needed.Contains(number.Value))
            {
                Delete(archive.File.FilePath);
                freed++;
            }
            else if (archive.Summary.PackLevel < MilestoneRepacker.BestLevel && TryRepack(archive, cancellationToken))
            {
                packed++;
            }
        }

        archives.Forget();
        return (freed, packed);
    }

    /// <summary>The archives that labels stand on; null if that cannot be told, and then all are kept: one that cannot be read may stand on any.</summary>
    private HashSet<long>? Needed(IEnumerable<SnapshotNumber> labelled)
    {
        if (archives.Numbers().Exists(number => TryOpen(number) is null))
        {
            return null;
        }

        try
        {
            var holding = labelled.Select(archives.FindHolding).OfType<MilestoneArchive>().ToList();
            return [.. holding.Concat(holding.SelectMany(archives.Ancestors)).Select(archive => archive.Summary.Mark.Number)];
        }
        catch (SavepointException)
        {
            return null;
        }
    }

    private static void Delete(string file) => StoreFileErrors.Guard($"The archive {file} is needed by nobody and cannot be deleted", () => File.Delete(file));

    private MilestoneArchive? TryOpen(SnapshotNumber number)
    {
        try
        {
            return archives.Open(number);
        }
        catch (SavepointException)
        {
            return null;
        }
    }

    private bool TryRepack(MilestoneArchive archive, CancellationToken cancellationToken)
    {
        try
        {
            MilestoneRepacker.Repack(archive.File, archives.Folder, cancellationToken);
            return true;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return false; // a damaged file stays as it is: a verification names it
        }
    }
}
