using Savepoint.Model;

namespace Savepoint;

/// <content>Predictive caching: what going back is likely to need, decoded before it is asked for.</content>
public sealed partial class SnapshotManager
{
    private const long PrefetchBytes = 4 * 1024 * 1024; // half of what the cache holds

    /// <summary>
    /// Decodes what an undo, a rollback to the newest label, and one to the last verified state would write, in this order, until
    /// <paramref name="maxBytes"/> are decoded. For a process that stays and goes back itself; one that only watches gains nothing,
    /// so nothing calls this by itself (docs/design/layers.md).
    /// </summary>
    /// <param name="maxBytes">The most to decode, in bytes.</param>
    /// <returns>How many contents were decoded, or were so already.</returns>
    public int Prefetch(long maxBytes = PrefetchBytes)
    {
        var seen = new HashSet<ContentId>();
        foreach (var file in Likely())
        {
            if (file.SizeBytes <= maxBytes && seen.Add(file.Content) && TryDecode(file.Content))
            {
                maxBytes -= file.SizeBytes;
            }
        }

        return seen.Count;
    }

    /// <summary>How often a decoded content was in memory when it was asked for, and how often not, since the last call.</summary>
    internal (long Hits, long Misses) TakeContentCounts() => _store.Contents.Recent.TakeCounts();

    private IEnumerable<FileState.Regular> Likely()
    {
        if (Head is not { } head)
        {
            return [];
        }

        var undo = GetSnapshot(head).Changes.SelectMany(change => change.PerPath()).Select(change => change.Before);
        var targets = new[] { Labels() is [var newest, ..] ? newest.Snapshot : (SnapshotNumber?)null, LastVerified?.Snapshot }.OfType<SnapshotNumber>().Distinct();
        return undo.Concat(targets.SelectMany(target => _store.Between(head, target)).Select(change => change.After)).OfType<FileState.Regular>();
    }

    // A content that is lost is for whoever asks for it to be told of.
    private bool TryDecode(ContentId content)
    {
        try
        {
            _ = _layers.Read(content);
            return true;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return false;
        }
    }
}
