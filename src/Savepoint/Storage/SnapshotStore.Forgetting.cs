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

    /// <summary>Erases paths, and what was printed while one of them was there.</summary>
    /// <param name="paths">Entries, each with all below it.</param>
    /// <param name="archived">The first snapshot in an archive that has one of them; null if none has.</param>
    /// <param name="now">The time.</param>
    /// <returns>The first snapshot that may have had one of them; <see cref="long.MaxValue"/> if none had.</returns>
    public long Erase(IEnumerable<WorkspacePath> paths, long? archived, DateTimeOffset now) => _database.Write(() =>
    {
        var eraser = new PathEraser(_database, _reader);
        var found = eraser.Find(paths);
        var known = eraser.Reach(found).Snapshots.Concat(new[] { archived, new ForgottenPaths(_database).FirstPending() }.OfType<long>()).ToList();
        var first = known.Count == 0 ? long.MaxValue : eraser.FirstOf(known);
        eraser.Erase(found, now);
        new FindingsEraser(_database, first).Run();
        return first;
    });

    /// <inheritdoc cref="ForgottenPaths.Pending"/>
    public List<WorkspacePath> PendingForgets() => _database.Read(new ForgottenPaths(_database).Pending);

    /// <inheritdoc cref="ForgottenPaths.Finish"/>
    public void FinishForgets() => _database.Write(new ForgottenPaths(_database).Finish);

    /// <inheritdoc cref="ForgottenPaths.Of"/>
    public List<WorkspacePath> ForgottenBy(SnapshotNumber number) => _database.Read(() => new ForgottenPaths(_database).Of(number));

    /// <summary>
    /// Of what differs between a head and a target, settles the paths of which nobody knows what stood there then: one that was seen and not recorded, or that was ignored until later,
    /// becomes what it was when it was recorded first; one that was forgotten stays as it is, and so does one that has not changed since.
    /// </summary>
    public void SettleUnknown(List<FileChange> changes, SnapshotNumber head, SnapshotNumber target) => _database.ReadConsistently(() =>
    {
        var forgotten = new ForgottenPaths(_database).UnknownAt(target).ToHashSet();
        changes.RemoveAll(change => forgotten.Contains(change.Path));
        var known = FirstKnown(head, target, [.. changes.Where(change => change.After.IsAbsent).Select(change => change.Path)])
            .GroupBy(one => one.First).SelectMany(first => StatesAt(first.Key, [.. first.Select(one => one.Path)])).ToDictionary();
        for (var i = 0; known.Count > 0 && i < changes.Count; i++)
        {
            var change = changes[i];
            changes[i] = known.TryGetValue(change.Path, out var then) ? change with { After = then.IsAbsent ? change.Before : then } : change;
        }

        return changes.RemoveAll(change => change.Before == change.After);
    });

    /// <summary>Those of the paths, all absent at a target, of which nobody knows whether they were, each with the snapshot that recorded it first.</summary>
    public List<(WorkspacePath Path, SnapshotNumber First)> FirstKnown(SnapshotNumber head, SnapshotNumber target, List<WorkspacePath> absent) => _database.ReadConsistently(() =>
    {
        var unknown = new SkippedEntries(_database).FirstKnown(head, target, absent);
        var above = unknown.Count == 0 ? [] : StatesAt(target, [.. unknown.Keys.SelectMany(path => path.Ancestors()).Distinct()]);

        // Below a file or a link nothing can have been.
        return unknown.Where(pair => !pair.Key.Ancestors().Any(path => above[path] is FileState.Regular or FileState.Symlink)).Select(pair => (pair.Key, pair.Value)).ToList();
    });

    /// <summary>
    /// Whether a rollback was one of the whole tree: nothing of its target is missing, and of what came since nothing is left but what such a rollback leaves, directories (those that hold
    /// something unrecorded stay) and paths of which nobody knows what stood there.
    /// </summary>
    public bool IsWhole(SnapshotNumber rollback, SnapshotNumber target) => _database.ReadConsistently(() =>
    {
        var left = Between(rollback, target);
        left.RemoveAll(change => change is { Before: FileState.Directory, After.IsAbsent: true });
        if (left.Count > 0)
        {
            SettleUnknown(left, rollback, target);
        }

        return left.Count == 0;
    });

    /// <inheritdoc cref="SkippedEntries.MayBeUnknown"/>
    public bool MayHaveUnknown() => _database.Read(new SkippedEntries(_database).MayBeUnknown);

    /// <inheritdoc cref="SkippedEntries.UnknownAt"/>
    public List<WorkspacePath> SkippedAt(SnapshotNumber number, IReadOnlyCollection<WorkspacePath> paths) => _database.Read(() => new SkippedEntries(_database).UnknownAt(number, paths));

    /// <inheritdoc cref="StoreDatabase.WriteAnew"/>
    public bool WriteAnew() => _database.WriteAnew();
}
