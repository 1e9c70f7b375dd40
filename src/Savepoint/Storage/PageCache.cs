using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The pages that SQLite holds in memory, as of the last time that it was asked while nobody used the database.</summary>
internal sealed class PageCache(StoreDatabase database) : IMemoryAccount
{
    private long _bytes;

    public string Name => "pages";

    public long Bytes
    {
        get
        {
            if (database.TryCountCachedBytes() is { } bytes)
            {
                Volatile.Write(ref _bytes, bytes);
            }

            return Volatile.Read(ref _bytes);
        }
    }

    // SQLite gives up its pages all at once; they are read again from the system's own cache.
    public void Trim(long maxBytes)
    {
        if (Bytes > maxBytes)
        {
            database.FreeCache();
        }
    }
}
