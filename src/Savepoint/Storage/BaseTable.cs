using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>A row of <c>frozen_bases</c>.</summary>
/// <param name="Snapshot">Whose state it is.</param>
/// <param name="Directory">Where its files are.</param>
/// <param name="Step">How far it is.</param>
/// <param name="Owner">Who makes or deletes it.</param>
internal sealed record BaseRow(SnapshotNumber Snapshot, string Directory, FolderStep Step, ProcessIdentity Owner);

/// <summary>The table <c>frozen_bases</c>: the copies that overlays lie on. Inside a read or write of the database.</summary>
internal sealed class BaseTable(StoreDatabase database)
{
    /// <summary>All bases, the newest snapshot first.</summary>
    public List<BaseRow> All()
    {
        var rows = new List<BaseRow>();
        using var row = database.Prepare("SELECT snapshot, directory, step, process, process_start FROM frozen_bases ORDER BY snapshot DESC").Query();
        while (row.Read())
        {
            rows.Add(new BaseRow(new SnapshotNumber(row.GetInt64(0)), row.GetString(1), (FolderStep)row.GetInt32(2), new ProcessIdentity(row.GetInt32(3), row.GetInt64(4))));
        }

        return rows;
    }

    /// <summary>The snapshots whose bases overlays lie on.</summary>
    public HashSet<SnapshotNumber> InUse()
    {
        var used = new HashSet<SnapshotNumber>();
        using var row = database.Prepare("SELECT base FROM working_copies WHERE base IS NOT NULL").Query();
        while (row.Read())
        {
            used.Add(new SnapshotNumber(row.GetInt64(0)));
        }

        return used;
    }

    /// <summary>Adds a base, or replaces what is said of it.</summary>
    public void Set(BaseRow row) => database.Prepare("INSERT OR REPLACE INTO frozen_bases (snapshot, directory, step, process, process_start) VALUES ($1, $2, $3, $4, $5)")
        .Execute(row.Snapshot.Value, row.Directory, (long)row.Step, (long)row.Owner.Number, row.Owner.StartedAt);

    public void Remove(SnapshotNumber snapshot) => database.Prepare("DELETE FROM frozen_bases WHERE snapshot = $1").Execute(snapshot.Value);
}
