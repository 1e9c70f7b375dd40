using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Forgetting;

namespace Savepoint;

/// <content>Forgetting: what must not be in any history is erased for good.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Erases all contents that paths ever had from the history: from the database, its log and its free pages, packs and archives. Every
    /// number stays, and says that the path was forgotten there. It cannot be undone. Killed at any moment, the same call goes on.
    /// </summary>
    /// <param name="paths">Entries, each with all that was ever below it.</param>
    /// <param name="dryRun">True: say what it would reach, and change nothing.</param>
    /// <param name="cancellationToken">Stops it between two steps; what is erased stays so, and a repeated call goes on.</param>
    /// <exception cref="SavepointException">Another process keeps reading the store, so that its log cannot be emptied; or the disk is full: the database is written anew beside the old one.</exception>
    public async Task<ForgetResult> ForgetAsync(IEnumerable<WorkspacePath> paths, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var named = Checked(paths);
        if (named.Count == 0 || named.Exists(path => path.IsRoot))
        {
            throw new SavepointException(ErrorCode.RefusedPath, "The whole workspace cannot be forgotten path by path.", "'savepoint untrack --delete' deletes its history.");
        }

        using var held = await HoldStoreAsync(cancellationToken).ConfigureAwait(false);
        var before = StoreSizeBytes();
        var pending = _store.PendingForgets();
        var (found, snapshots, contents, elsewhere) = _store.ReachOf(named.Concat(pending));
        var archived = await FirstArchivedAsync([.. named, .. pending], cancellationToken).ConfigureAwait(false);
        var result = new ForgetResult(
            [.. found.Concat(pending).Distinct().Order()], [.. snapshots.Select(number => new SnapshotNumber(number))], contents, elsewhere,
            [.. found.Concat(named).Distinct().Where(path => _tree.Stat(path) is { IsDirectory: false }).Order()], NotReached([]), before, before);
        if (dryRun)
        {
            return result;
        }

        // Where the history knows nothing of them, it may have known them once: what has expired lies about until a clean-up needs its place.

        var first = _store.Erase(named.Concat(pending), archived, _options.Time.GetUtcNow());
        var unreadable = await EraseArchivesAsync([.. named, .. pending], first, cancellationToken).ConfigureAwait(false);
        await FreeBasesAsync(keepCount: 0, cancellationToken).ConfigureAwait(false);
        DeleteDerived();
        FreeMemory();
        if (!_store.WriteAnew())
        {
            throw new SavepointException(ErrorCode.Busy, "The paths are erased from the history, but another process is reading the store, so that its log still holds their bytes.", "Stop it and repeat the command: it goes on where it was.");
        }

        _store.FinishForgets();
        Publish(new CleanupEvent("forget", contents, before, StoreSizeBytes()));
        _store.EmptyLog();
        return result with { NotReached = NotReached(unreadable), BytesAfter = StoreSizeBytes() };
    }

    /// <summary>The paths that a snapshot changed and whose contents were erased since, in path order.</summary>
    public IReadOnlyList<WorkspacePath> Forgotten(SnapshotNumber snapshot) => _store.ForgottenBy(snapshot);

    private async Task<long?> FirstArchivedAsync(List<WorkspacePath> paths, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_store.Milestones.Folder))
        {
            return null;
        }

        using var held = await HoldMilestonesAsync(cancellationToken).ConfigureAwait(false);
        return new ArchiveEraser(_store.Milestones, paths).FirstTouched(cancellationToken);
    }

    private async Task<List<string>> EraseArchivesAsync(List<WorkspacePath> paths, long first, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_store.Milestones.Folder))
        {
            return [];
        }

        using var held = await HoldMilestonesAsync(cancellationToken).ConfigureAwait(false);
        var eraser = new ArchiveEraser(_store.Milestones, paths, first);
        eraser.Run(cancellationToken);
        return eraser.Unreadable;
    }

    private void DeleteDerived()
    {
        // The next scan makes them anew.
        foreach (var file in StoreFiles.AllIndexes(StoreDirectory))
        {
            StoreFileErrors.Guard($"The scan index {file}, which may name what is forgotten, cannot be deleted", () => File.Delete(file));
        }
    }

    private List<string> NotReached(List<string> unreadable)
    {
        var lines = unreadable.ConvertAll(file => $"the archive {file}, which is damaged: delete it, or 'savepoint repair'");
        lines.AddRange(StoreFiles.Kept(StoreDirectory).Select(folder => $"{folder}, which a repair has kept: delete it once nobody needs it"));
        lines.AddRange(_store.Branches().Where(branch => branch != Branch).Select(branch => $"the working copy of branch {branch}"));
        lines.Add("messages of snapshots and beginnings of prompts, which stay as they were given");
        lines.Add("what was exported, copied or backed up before");
        return lines;
    }
}
