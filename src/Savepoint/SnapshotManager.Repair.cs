using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Milestones;
using Savepoint.Storage.Repair;

namespace Savepoint;

/// <content>Mending a damaged store.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Rebuilds the store of a workspace from what can be read of its rows, its archives and the working tree. Nothing is deleted: the
    /// damaged files are kept in a folder of the store. A sound store is left as it is.
    /// </summary>
    /// <param name="workspace">The root's path.</param>
    /// <param name="options">Where the stores are, and how to track.</param>
    /// <param name="dryRun">True: finds out what would come back and what is lost, and changes nothing.</param>
    /// <param name="cancellationToken">Stops it with nothing changed.</param>
    /// <exception cref="SavepointException">The workspace has no store, another process works with it, or there is no room to rebuild it.</exception>
    public static async Task<RepairResult> RepairAsync(string workspace, SnapshotOptions options, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var (tree, catalog, entry) = Locate(workspace, options);
        using (tree)
        {
            var directory = entry?.StoreDirectory ?? throw NotTracked(tree.Root);
            RepairResult result;
            using (await HoldStoreAsync(directory, options.Time, cancellationToken).ConfigureAwait(false))
            {
                using var watchers = TryHoldWatchers(directory)
                    ?? throw new SavepointException(ErrorCode.Busy, $"A watcher is at work on {tree.Root} or a working copy of its branches.", "Stop 'savepoint watch', repair, and start it again.");
                var repair = new StoreRepair(directory, NewestKnown(directory, 0), path => ReadWorking(tree, path), RecordedCopy.Of(catalog, directory), options.Time);
                if (!dryRun)
                {
                    repair.FinishInterrupted();
                }

                result = Repair(repair, directory, options.Time, dryRun, cancellationToken);
            }

            return dryRun || result.KeptIn is null ? result : await ConcludeAsync(workspace, options, result, cancellationToken).ConfigureAwait(false);
        }
    }

    private static RepairResult Repair(StoreRepair repair, string directory, TimeProvider time, bool dryRun, CancellationToken cancellationToken)
    {
        var before = VerifyClosed(directory, time, cancellationToken);
        if (before.IsClean)
        {
            return new RepairResult([], [], [], before.SnapshotCount, before.ContentCount, null);
        }

        if (before.Problems.Count == before.Lost.Count && !MilestoneStore.HasArchives(Path.Combine(directory, MilestoneStore.FolderName)))
        {
            // Nothing is damaged, and nothing can come back: what there is to do is to say so, once.
            if (!dryRun)
            {
                using var store = SnapshotStore.Open(directory, syncEachCommit: false);
                SetListed(store, before.Lost);
            }

            return new RepairResult(before.Problems, [], before.Problems, before.SnapshotCount, before.ContentCount, null);
        }

        var (recovered, lost, found, kept) = repair.Run(dryRun, cancellationToken);
        return new RepairResult(before.Problems, recovered, lost, found.SnapshotCount, found.ContentCount, kept);
    }

    private static StoreDamage VerifyClosed(string directory, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!SnapshotStore.Exists(directory))
        {
            return new StoreDamage(0, 0, ["database: it is gone"]);
        }

        try
        {
            using var store = SnapshotStore.Open(directory, syncEachCommit: false);
            return store.Verify(deep: true, NewestKnown(directory, 0), time.GetUtcNow(), cancellationToken);
        }
        catch (SavepointException e) when (e.Code is not (ErrorCode.NewerFormat or ErrorCode.Busy or ErrorCode.PermissionDenied or ErrorCode.DiskFull))
        {
            return new StoreDamage(0, 0, [e.Message]);
        }
    }

    /// <summary>Notes what is lost, and that it has been said: a verification need not say it again.</summary>
    private static void SetListed(SnapshotStore store, IReadOnlyList<LostRange> lost)
    {
        foreach (var range in lost)
        {
            store.LostNumbers.Note(range.Last.Value, range.Found);
        }

        store.LostNumbers.SetListed();
    }

    /// <summary>Archives anew what was in archives that cannot be read, and records the tree where no history is left at all.</summary>
    private static async Task<RepairResult> ConcludeAsync(string workspace, SnapshotOptions options, RepairResult result, CancellationToken cancellationToken)
    {
        var (manager, baseline) = await InitAsync(workspace, options, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (manager)
        {
            var archived = await manager.ReplaceArchivesAsync(result.KeptIn!, cancellationToken).ConfigureAwait(false);
            var left = manager.Verify(deep: true, cancellationToken);
            string[] recovered = [.. result.Recovered, .. archived, .. baseline.Snapshot is null ? (string[])[] : ["nothing was left of the history: it begins anew with the tree as it is"]];
            var lost = result.Lost.Union(left.Problems).ToList();
            SetListed(manager._store, left.Lost);
            return result with { Recovered = recovered, Lost = lost, SnapshotCount = left.SnapshotCount, ContentCount = left.ContentCount };
        }
    }

    /// <summary>An archive that is damaged is put aside, and, where the database has what it was made of, made again.</summary>
    private async Task<List<string>> ReplaceArchivesAsync(string keptIn, CancellationToken cancellationToken)
    {
        var done = new List<string>();
        var labels = Labels().Where(label => label.Kind == LabelKind.Milestone).OrderBy(label => label.Snapshot).ToList();
        if (labels.Count == 0 && !Directory.Exists(_store.Milestones.Folder))
        {
            return done;
        }

        using var held = await HoldMilestonesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var number in _store.Milestones.Numbers().Where(number => !new MilestoneVerifier(_store.Milestones).IsSound(number, cancellationToken)).ToList())
        {
            _store.Milestones.Forget();
            File.Move(MilestoneFile.PathOf(_store.Milestones.Folder, number), MilestoneFile.PathOf(keptIn, number), overwrite: true);
        }

        foreach (var label in labels)
        {
            try
            {
                if (!_store.Archive(label.Snapshot, cancellationToken).WasThere)
                {
                    done.Add(ArchivesAnew.Made(label.Name));
                }
            }
            catch (SavepointException e) when (e.Code is ErrorCode.Damaged or ErrorCode.Busy)
            {
                // A content of it is lost: the verification names the label.
            }
        }

        return done;
    }

    private static byte[]? ReadWorking(Workspaces.WorkspaceTree tree, WorkspacePath path)
    {
        const int MaxBytes = 1 << 30;
        try
        {
            return tree.TryReadAllBytes(path, MaxBytes)?.Bytes ?? tree.TryReadLink(path);
        }
        catch (SavepointException)
        {
            return null;
        }
    }
}
