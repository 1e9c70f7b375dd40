using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <content>Branches and their working copies.</content>
internal sealed partial class SnapshotStore
{
    /// <summary>The branches that can be worked on, <c>main</c> first.</summary>
    public List<string> Branches() => _database.Read(_branches.Names);

    /// <summary>All branches, deleted ones whose snapshots are still there too.</summary>
    public List<string> LinesOfHistory() => _database.Read(() =>
    {
        var names = new List<string>();
        using var row = _database.Prepare("SELECT name FROM branches ORDER BY id").Query();
        while (row.Read())
        {
            names.Add(row.GetString(0));
        }

        return names;
    });

    /// <inheritdoc cref="BranchTable.IdOf"/>
    public long? BranchId(string name) => _database.Read(() => _branches.IdOf(name));

    /// <inheritdoc cref="BranchTable.ForkOf"/>
    public SnapshotNumber? ForkOf(string name) => _database.Read(() => _branches.ForkOf(name));

    /// <inheritdoc cref="BranchTable.Find"/>
    public WorkingCopyRow? FindWorkingCopy(string name) => _database.Read(() => _branches.Find(name));

    /// <inheritdoc cref="BranchTable.All"/>
    public List<WorkingCopyRow> WorkingCopies() => _database.Read(_branches.All);

    /// <inheritdoc cref="BranchTable.Add"/>
    public WorkingCopyRow AddBranch(string name, SnapshotNumber fork, Isolation isolation, Func<long, (string Directory, string Aside)> place) =>
        _database.Write(() => _branches.Add(name, fork, isolation, place));

    /// <inheritdoc cref="BranchTable.RefuseTaken"/>
    public void RefuseTakenName(string name) => _database.Read(() =>
    {
        _branches.RefuseTaken(name);
        return true;
    });

    /// <inheritdoc cref="BranchTable.Update"/>
    /// <param name="row">The row as it shall be.</param>
    /// <param name="happened">What is to be told of it, in the same transaction; null for nothing.</param>
    public void UpdateWorkingCopy(WorkingCopyRow row, SnapshotEvent? happened = null) => _database.Write(() =>
    {
        _branches.Update(row);
        if (happened is not null)
        {
            _events.Add(happened);
        }
    });

    /// <summary>Takes a folder over whose process is gone; false if another was faster.</summary>
    public bool TakeOver(WorkingCopyRow row) => _database.Write(() =>
    {
        if (_branches.Find(row.Name) is not { } now || now.Id != row.Id || now.Owner != row.Owner)
        {
            return false;
        }

        _branches.Update(row with { Owner = ProcessIdentity.Own });
        return true;
    });

    /// <inheritdoc cref="DeletedBranches.Any"/>
    public bool HasDeletedBranches() => _database.Read(new DeletedBranches(_database).Any);

    /// <inheritdoc cref="DeletedBranches.Free"/>
    public int FreeDeletedBranches() => _database.Write(new DeletedBranches(_database).Free);

    /// <inheritdoc cref="BaseTable.All"/>
    public List<BaseRow> Bases() => _database.Read(_bases.All);

    /// <inheritdoc cref="BaseTable.InUse"/>
    public HashSet<long> BasesInUse() => _database.Read(_bases.InUse);

    /// <inheritdoc cref="BaseTable.Add"/>
    public BaseRow AddBase(SnapshotNumber snapshot, Func<long, string> place) => _database.Write(() => _bases.Add(snapshot, place));

    /// <inheritdoc cref="BaseTable.Update"/>
    public void UpdateBase(BaseRow row) => _database.Write(() => _bases.Update(row));

    /// <inheritdoc cref="BaseTable.Remove"/>
    public void RemoveBase(BaseRow row) => _database.Write(() => _bases.Remove(row));

    /// <inheritdoc cref="BranchTable.Remove"/>
    public void RemoveBranch(WorkingCopyRow row) => _database.Write(() => _branches.Remove(row));
}
