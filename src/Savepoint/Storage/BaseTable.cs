using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>A row of <c>frozen_bases</c>.</summary>
/// <param name="Id">Its number; 0 before it is added.</param>
/// <param name="Snapshot">Whose state it is.</param>
/// <param name="Directory">Where its files are.</param>
/// <param name="Step">How far it is.</param>
/// <param name="Owner">Who makes or deletes it.</param>
/// <param name="Ignored">The sum of the ignored entries that it was made of (<c>IgnoredSum</c>); null if it cannot say.</param>
internal sealed record BaseRow(long Id, SnapshotNumber Snapshot, string Directory, FolderStep Step, ProcessIdentity Owner, byte[]? Ignored = null);

/// <summary>The table <c>frozen_bases</c>: the copies that overlays lie on. Inside a read or write of the database.</summary>
internal sealed class BaseTable(StoreDatabase database)
{
    /// <summary>All bases, that of the newest snapshot first, and of those the newest.</summary>
    public List<BaseRow> All()
    {
        var rows = new List<BaseRow>();
        using var row = database.Prepare("SELECT id, snapshot, directory, step, process, process_start, ignored FROM frozen_bases ORDER BY snapshot DESC, id DESC").Query();
        while (row.Read())
        {
            rows.Add(new BaseRow(
                row.GetInt64(0), new SnapshotNumber(row.GetInt64(1)), row.GetString(2), (FolderStep)row.GetInt32(3), new ProcessIdentity(row.GetInt32(4), row.GetInt64(5)), row.BytesOrNull(6)));
        }

        return rows;
    }

    /// <summary>The numbers of the bases that overlays lie on.</summary>
    public HashSet<long> InUse()
    {
        var used = new HashSet<long>();
        using var row = database.Prepare("SELECT base FROM working_copies WHERE base IS NOT NULL").Query();
        while (row.Read())
        {
            used.Add(row.GetInt64(0));
        }

        return used;
    }

    /// <summary>Adds a base that this process is about to make.</summary>
    public BaseRow Add(SnapshotNumber snapshot, Func<long, string> place)
    {
        database.Prepare("INSERT INTO frozen_bases (snapshot, directory, step, process, process_start) VALUES ($1, '', 0, 0, 0)").Execute(snapshot.Value);
        var id = database.LastInsertedRow();
        var row = new BaseRow(id, snapshot, place(id), FolderStep.Making, ProcessIdentity.Own);
        Update(row);
        return row;
    }

    /// <summary>Replaces what is said of a base.</summary>
    public void Update(BaseRow row) => database.Prepare("UPDATE frozen_bases SET directory = $2, step = $3, process = $4, process_start = $5, ignored = $6 WHERE id = $1")
        .Execute(row.Id, row.Directory, (long)row.Step, (long)row.Owner.Number, row.Owner.StartedAt, row.Ignored);

    public void Remove(BaseRow row) => database.Prepare("DELETE FROM frozen_bases WHERE id = $1").Execute(row.Id);
}
