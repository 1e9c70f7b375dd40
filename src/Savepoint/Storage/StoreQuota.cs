namespace Savepoint.Storage;

/// <summary>How large a store may become where nobody has said it: the smaller of 10 GB and a tenth of the disk.</summary>
internal static class StoreQuota
{
    private const long MaxDefaultBytes = 10_000_000_000;
    private const int DefaultShareOfDisk = 10; // a tenth

    /// <summary>What a clean-up for the quota aims at, so that it is not needed again at once: four fifths.</summary>
    public static long TargetBytes(long quota) => quota / 5 * 4;

    /// <summary>Where a clean-up begins as soon as nobody works.</summary>
    public static long SoftBytes(long quota) => quota / 20 * 19;

    /// <summary>Where a process that ends at once does something, too.</summary>
    public static long HardBytes(long quota) => quota > long.MaxValue / 5 ? quota : quota / 4 * 5;

    /// <summary>The quota of a store in bytes; null for none.</summary>
    /// <param name="maxStoreBytes">What was set: null for the default, <see cref="long.MaxValue"/> for none.</param>
    /// <param name="directory">The store's folder.</param>
    public static long? Of(long? maxStoreBytes, string directory) => maxStoreBytes switch
    {
        long.MaxValue => null,
        null => DefaultFor(directory),
        _ => maxStoreBytes,
    };

    private static long DefaultFor(string directory)
    {
        try
        {
            return Math.Min(MaxDefaultBytes, new DriveInfo(directory).TotalSize / DefaultShareOfDisk);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return MaxDefaultBytes; // a disk that does not tell its size
        }
    }
}
