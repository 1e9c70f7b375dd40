using Savepoint.Model;
using Savepoint.Storage.Forgetting;

namespace Savepoint.Storage;

/// <content>Erasing paths for good.</content>
internal sealed partial class SnapshotStore
{
    /// <inheritdoc cref="PathEraser.Reach"/>
    public (List<WorkspacePath> Paths, SortedSet<long> Snapshots, long ContentCount, List<WorkspacePath> Elsewhere) ReachOf(IEnumerable<WorkspacePath> paths) => _database.ReadConsistently(() =>
    {
        var eraser = new PathEraser(_database, _reader);
        var found = eraser.Find(paths);
        var (snapshots, contents, elsewhere) = eraser.Reach(found);
        return (found.ConvertAll(path => path.Path), snapshots, (long)contents.Count, elsewhere);
    });

    /// <inheritdoc cref="PathEraser.Erase"/>
    public int Erase(IEnumerable<WorkspacePath> paths, DateTimeOffset now) => _database.Write(() =>
    {
        var eraser = new PathEraser(_database, _reader);
        return eraser.Erase(eraser.Find(paths), now);
    });

    /// <inheritdoc cref="ForgottenPaths.Pending"/>
    public List<WorkspacePath> PendingForgets() => _database.Read(new ForgottenPaths(_database).Pending);

    /// <inheritdoc cref="ForgottenPaths.Finish"/>
    public void FinishForgets() => _database.Write(new ForgottenPaths(_database).Finish);

    /// <inheritdoc cref="ForgottenPaths.Of"/>
    public List<WorkspacePath> ForgottenBy(SnapshotNumber number) => _database.Read(() => new ForgottenPaths(_database).Of(number));

    /// <inheritdoc cref="ForgottenPaths.UnknownAt"/>
    public List<WorkspacePath> UnknownAt(SnapshotNumber number) => _database.Read(() => new ForgottenPaths(_database).UnknownAt(number));

    /// <inheritdoc cref="StoreDatabase.WriteAnew"/>
    public bool WriteAnew() => _database.WriteAnew();
}
