using Savepoint.Model;
using Savepoint.Workspaces.Scanning;

namespace Savepoint;

/// <content>Snapshots that were recorded, and that the database knows nothing of any more.</content>
public sealed partial class SnapshotManager
{
    /// <summary>What opening the workspace found to be lost; null if nothing was, or if an earlier opening had found it.</summary>
    public LostRange? Lost { get; private set; }

    /// <summary>The snapshots that a power loss or damage took, and which no repair has listed yet.</summary>
    public IReadOnlyList<LostRange> LostSnapshots() => _store.LostNumbers.Unlisted();

    /// <summary>
    /// Asks what stands beside the database whether that has lost its newest snapshots. A few bytes are read for it; what they
    /// say counts only if the whole file is what was written.
    /// </summary>
    /// <returns>Whether all that it knows is noted.</returns>
    private bool FindLost()
    {
        var newest = _store.NewestNumber();
        if (newest == 0 || ScanIndexFile.PeekNumber(IndexFile) is not { } peeked || peeked <= newest)
        {
            return true; // where nothing is left at all, a history begins anew
        }

        try
        {
            Lost = _store.LostNumbers.Note(ScanIndexFile.Load(IndexFile).Head.Number, _options.Time.GetUtcNow()) ?? Lost;
            return true;
        }
        catch (SavepointException)
        {
            return false; // a full disk, say, or another process that writes: whoever looks next finds the same
        }
    }
}
