using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Whether the newest snapshots are gone without a trace in the database, as after a log that was damaged or cut short: what
/// stands beside it knows of them.
/// </summary>
internal sealed class LostTail(StoreDatabase database)
{
    /// <summary>What the log says: a line if it is damaged.</summary>
    public IEnumerable<string> Find()
    {
        if (CountDropped() is > 0 and var dropped)
        {
            yield return $"log: it is damaged, and {dropped} pages behind the damage are not part of the history any more: the newest snapshots are lost";
        }
    }

    /// <summary>The numbers that were given and are gone, those which no repair has listed yet.</summary>
    /// <param name="known">The greatest number that anything beside the database knows of; 0 for none.</param>
    /// <param name="now">When this is found out.</param>
    public List<LostRange> Ranges(long known, DateTimeOffset now)
    {
        var newest = database.Read(() => (long?)LostNumbers.Newest(database)) ?? 0;
        IEnumerable<LostRange> unknown = known > newest ? [new LostRange(new SnapshotNumber(newest + 1), new SnapshotNumber(known), now)] : [];
        return [.. new LostNumbers(database).Unlisted(), .. unknown];
    }

    private long CountDropped()
    {
        try
        {
            using var log = new FileStream(database.Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return LogCheck.CountDropped(log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // there is none, or it was given up just now
        }
    }
}
