using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Milestones;
using Savepoint.Workspaces.Scanning;

namespace Savepoint;

/// <content>Snapshots that were recorded, and that the database knows nothing of any more.</content>
public sealed partial class SnapshotManager
{
    /// <summary>What opening the workspace found to be lost; null if nothing was, or if an earlier opening had found it.</summary>
    public LostRange? Lost { get; private set; }

    /// <summary>The snapshots that a power loss or damage took, and which no repair has listed yet.</summary>
    public IReadOnlyList<LostRange> LostSnapshots() => _store.LostNumbers.Unlisted();

    /// <summary>The greatest number known beside the database whose loss could not be noted yet; 0 for none.</summary>
    private long _knownBeside;

    /// <summary>
    /// Asks what stands beside the database whether that has lost its newest snapshots. A few bytes are read for it; what they
    /// say counts only if the whole file is what was written.
    /// </summary>
    /// <returns>Whether all that it knows is noted.</returns>
    private bool FindLost()
    {
        var newest = _store.NewestNumber();
        if (newest == 0)
        {
            return true; // where nothing is left at all, a history begins anew
        }

        var known = NewestKnown(StoreDirectory, newest);
        try
        {
            Lost = (known > newest ? _store.LostNumbers.Note(known, _options.Time.GetUtcNow()) : null) ?? Lost;
            return true;
        }
        catch (SavepointException)
        {
            _knownBeside = known; // a full disk, say, or another process that writes: noted with what is written next
            return false;
        }
    }

    /// <summary>The greatest number that the scan index of a working copy, or an archive, knows of; <paramref name="newest"/> if that is greater.</summary>
    private static long NewestKnown(string store, long newest)
    {
        var indexes = BranchFolders.All(store).Select(folder => Path.Combine(folder, StoreFiles.BranchIndex)).Prepend(Path.Combine(store, StoreFiles.MainIndex));
        var indexed = indexes.Where(index => ScanIndexFile.PeekNumber(index) > newest).Select(index => ScanIndexFile.Load(index).Head.Number);
        using var milestones = new MilestoneStore(Path.Combine(store, MilestoneStore.FolderName));
        var archived = milestones.Numbers().Where(number => number.Value > newest && milestones.IsReadable(number)).Select(number => number.Value);
        return indexed.Concat(archived).Append(newest).Max();
    }
}
