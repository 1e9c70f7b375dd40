namespace Savepoint.Maintenance;

/// <summary>One piece of background work. All are safe to leave undone, to repeat, and to be killed in.</summary>
internal enum MaintenanceItem
{
    /// <summary>Move the write-ahead log into the database file.</summary>
    FoldLog,

    /// <summary>Free what nothing names, and pack what is seldom read.</summary>
    CleanUp,

    /// <summary>Merge snapshots where nobody needs the steps between.</summary>
    Compact,

    /// <summary>Measure the functions that snapshots changed.</summary>
    Measure,

    /// <summary>Make room where the store takes more than it may.</summary>
    KeepWithinBounds,
}
