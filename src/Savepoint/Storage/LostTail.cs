namespace Savepoint.Storage;

/// <summary>
/// Whether the newest snapshots are gone without a trace in the database, as after a log that was damaged or cut short: what
/// stands beside it knows of them.
/// </summary>
internal sealed class LostTail(StoreDatabase database)
{
    /// <summary>A line for each sign of it.</summary>
    /// <param name="known">The greatest number that anything beside the database knows of; 0 for none.</param>
    public IEnumerable<string> Find(long known)
    {
        if (CountDropped() is > 0 and var dropped)
        {
            yield return $"log: it is damaged, and {dropped} pages behind the damage are not part of the history any more: the newest snapshots are lost";
        }

        var newest = database.Read(() => database.Prepare("SELECT max(number) FROM snapshots").Scalar()) ?? 0;
        if (known > newest)
        {
            yield return $"snapshots {newest + 1} to {known} were recorded and are lost";
        }
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
