using Savepoint.Storage;

namespace Savepoint.Maintenance;

/// <summary>Which work is worth doing now. Pure.</summary>
internal static class MaintenanceRules
{
    /// <summary>A log of this length makes the next opening slow, since SQLite reads all of it. A commit adds some 14 KB.</summary>
    public const long FoldLogBytes = 1024 * 1024;

    /// <summary>
    /// A clean-up of a small store writes it anew, which holds writers off for up to half a second. So it waits for a pause in
    /// the work, and for enough to be packed.
    /// </summary>
    public const long CleanUpSnapshots = 500;

    /// <summary>The last 50 snapshots are never merged (seed, L1 capacity); as many again make a pass worth its reading.</summary>
    public const long CompactSnapshots = 100;

    /// <summary>How long nobody must have recorded anything before work begins that others might wait for.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>What to do, in this order.</summary>
    /// <param name="store">How far the store has come.</param>
    /// <param name="idle">For how long nobody has recorded anything.</param>
    public static IReadOnlyList<MaintenanceItem> Decide(StoreMarks store, TimeSpan idle)
    {
        var items = new List<MaintenanceItem>();
        if (store.LogBytes >= FoldLogBytes)
        {
            items.Add(MaintenanceItem.FoldLog);
        }

        if (store.Newest - store.CompactedUpTo >= CompactSnapshots && idle >= Pause)
        {
            items.Add(MaintenanceItem.Compact);
        }

        if (store.Newest - store.CleanedUpTo >= CleanUpSnapshots && idle >= Pause)
        {
            items.Add(MaintenanceItem.CleanUp);
        }

        if (store.MeasuredUpTo is { } measured && store.Newest > measured)
        {
            items.Add(MaintenanceItem.Measure); // it holds nobody up
        }

        if (store.Bounds is { } bounds && store.Newest >= bounds.NextAt && bounds.StoreBytes > StoreQuota.SoftBytes(bounds.MaxBytes) && (idle >= Pause || bounds.StoreBytes > bounds.MaxBytes))
        {
            items.Add(MaintenanceItem.KeepWithinBounds);
        }

        return items;
    }
}
