using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The table <c>watchers</c>: who watches a branch's working copy, and how. A row whose process is dead means nothing.</summary>
internal sealed class WatcherTable(StoreDatabase database)
{
    /// <summary>Says that this process watches, or how it does so now.</summary>
    public void Set(string branch, WatcherStatus status) => database.Write(() =>
        database.Prepare("INSERT OR REPLACE INTO watchers (branch, process, process_start, time, directories, limited) VALUES ($1, $2, $3, $4, $5, $6)")
            .Execute(branch, ProcessIdentity.Own.Number, ProcessIdentity.Own.StartedAt, SnapshotTime.ToMicroseconds(status.Since), (long)status.DirectoryCount, status.IsLimited ? 1L : 0L));

    /// <summary>Says that nobody watches any more.</summary>
    public void Remove(string branch) => database.Write(() => database.Prepare("DELETE FROM watchers WHERE branch = $1").Execute(branch));

    /// <summary>Whether somebody watches, or died doing so: two microseconds, for an edit to ask.</summary>
    public bool IsThere(string branch) => database.Read(() => database.Prepare("SELECT 1 FROM watchers WHERE branch = $1").Scalar(branch)) is not null;

    /// <summary>Who watches; null if nobody does.</summary>
    public WatcherStatus? Find(string branch) => database.Read(() =>
    {
        using var row = database.Prepare("SELECT process, process_start, time, directories, limited FROM watchers WHERE branch = $1").Query(branch);
        return row.Read() && new ProcessIdentity(row.GetInt32(0), row.GetInt64(1)).IsAlive
            ? new WatcherStatus(row.GetInt32(0), SnapshotTime.FromMicroseconds(row.GetInt64(2)), row.GetInt32(3), row.GetInt64(4) != 0)
            : null;
    });
}
