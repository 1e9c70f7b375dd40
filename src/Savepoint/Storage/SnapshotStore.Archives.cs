using Savepoint.Model;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage;

/// <content>What archives and exports take out of the store: whole states, and the way to one.</content>
internal sealed partial class SnapshotStore
{
    /// <summary>As <see cref="TreeAt"/> for the root, and in one pass if the snapshot is its branch's head.</summary>
    public Dictionary<WorkspacePath, FileState> WholeTreeAt(SnapshotNumber number) => _database.ReadConsistently(() =>
    {
        var lineage = LineageOf(number);
        return _database.Prepare("SELECT head FROM branches WHERE id = $1").Scalar(lineage.Segments[0].Branch) == number.Value
            ? _states.Within(lineage, WorkspacePath.Root)
            : _states.All(lineage, WorkspacePath.Root);
    });

    /// <summary>The numbers on the lineage of a snapshot after another number, the oldest first.</summary>
    public List<SnapshotNumber> WayTo(SnapshotNumber to, long after) =>
        _database.ReadConsistently(() => LineageOf(to).Numbers(_database, after).Select(number => new SnapshotNumber(number)).ToList());

    /// <inheritdoc cref="StoreDatabase.SyncLog"/>
    public void SyncLog() => _database.SyncLog();

    /// <inheritdoc cref="MilestoneArchiver.Archive"/>
    public (MilestoneArchive Archive, bool WasThere) Archive(SnapshotNumber number, CancellationToken cancellationToken) =>
        new MilestoneArchiver(this, _database, Milestones).Archive(number, cancellationToken);
}
