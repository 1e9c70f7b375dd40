using System.Security.Cryptography;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Copies;

namespace Savepoint;

/// <content>The folders of branches: where they are, and what becomes of those that a dead process left half made.</content>
public sealed partial class SnapshotManager
{
    /// <summary>Holds the whole store alone: the workspace and the working copies of all branches.</summary>
    private Task<IDisposable> HoldStoreAsync(CancellationToken cancellationToken) => HoldStoreAsync(StoreDirectory, _options.Time, cancellationToken);

    /// <summary>The same of a store that need not be open, nor readable.</summary>
    private static async Task<IDisposable> HoldStoreAsync(string storeDirectory, TimeProvider time, CancellationToken cancellationToken)
    {
        var held = new LockSet();
        try
        {
            // No branch is made while the workspace's own lock is held.
            held.Add(await WorkspaceLock.ExclusiveAsync(storeDirectory, time, cancellationToken).ConfigureAwait(false));
            foreach (var folder in BranchFolders.All(storeDirectory))
            {
                held.Add(await WorkspaceLock.ExclusiveAsync(folder, time, cancellationToken).ConfigureAwait(false));
            }

            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes the watchers' places in a store, the workspace's and those of all working copies; null if somebody watches one.</summary>
    private static LockSet? TryHoldWatchers(string storeDirectory)
    {
        var held = new LockSet();
        try
        {
            foreach (var folder in BranchFolders.All(storeDirectory).Prepend(storeDirectory))
            {
                if (WorkspaceLock.TryWatch(folder) is not { } watch)
                {
                    held.Dispose();
                    return null;
                }

                held.Add(watch);
            }

            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private async Task<IDisposable?> HoldBranchAsync(WorkingCopyRow row, CancellationToken cancellationToken) => BranchFolders.Of(StoreDirectory, row.Id) is var folder && Directory.Exists(folder)
        ? await WorkspaceLock.ExclusiveAsync(folder, _options.Time, cancellationToken).ConfigureAwait(false)
        : null;

    /// <summary>Where a branch's copy goes, and where it is made: beside, so that a rename puts it into its place.</summary>
    private (string Directory, string Aside) Places(string name, long id, string? wanted)
    {
        var directory = wanted ?? BranchFolders.Copy(StoreDirectory, name, id);
        return (directory, Aside(directory));
    }

    private static string Aside(string directory) =>
        Path.Combine(Path.GetDirectoryName(directory)!, System.Text.Encoding.ASCII.GetString(TemporaryName.Create((uint)RandomNumberGenerator.GetInt32(int.MaxValue), (uint)RandomNumberGenerator.GetInt32(int.MaxValue))));

    /// <summary>A place that somebody named for a copy, its parent made and free of links.</summary>
    /// <exception cref="SavepointException">Something is there, or it is no place for a copy.</exception>
    private string CopyPlace(string wanted)
    {
        if (!Path.IsPathFullyQualified(wanted))
        {
            throw new ArgumentException("The place of a copy must be an absolute path.", nameof(wanted));
        }

        var full = Path.GetFullPath(wanted).TrimEnd('/');
        var parent = Path.GetDirectoryName(full) ?? throw RefusedPlace(full, "it is the root of the file system");
        try
        {
            Directory.CreateDirectory(parent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(ErrorCode.PermissionDenied, $"The directory {parent} cannot be made: {e.Message}", "Name another place with --dir.", e);
        }

        var place = Path.Combine(CanonicalPath(parent), Path.GetFileName(full));
        return StoreCatalog.IsWithin(place, Root) || StoreCatalog.IsWithin(place, WorkspaceRoot) ? throw RefusedPlace(place, "it lies in the workspace, whose captures would record it")
            : FindWorkspace(parent, _options) is { } around ? throw RefusedPlace(place, $"it lies in {around}, whose captures would record it, and which may be deleted")
            : new StoreCatalog(_options.StoreHome).Contains(place) ? throw RefusedPlace(place, "it lies in a store of Savepoint")
            : File.Exists(place) || (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any()) ? throw RefusedPlace(place, "something is there")
            : place;
    }

    private static SavepointException RefusedPlace(string place, string why) =>
        new(ErrorCode.RefusedWorkspace, $"No working copy can be put at {place}: {why}.", "Name a new directory outside the workspace, or leave --dir out.");

    /// <summary>Deletes a branch's folders, in steps of which each can be taken up by another process, and ends the branch.</summary>
    private void Delete(WorkingCopyRow row)
    {
        var aside = row.Aside ?? Aside(row.Directory);
        var going = row with { Step = FolderStep.Deleting, Aside = aside, Owner = ProcessIdentity.Own };
        _store.UpdateWorkingCopy(going);
        Reclaim(going);
    }

    /// <summary>Finishes what dead processes began: their half-made folders go, and so do those that they were deleting.</summary>
    private void ReclaimFolders()
    {
        foreach (var row in _store.WorkingCopies().Where(row => row.Step != FolderStep.Ready && !row.Owner.IsAlive))
        {
            Trying(() =>
            {
                if (_store.TakeOver(row))
                {
                    Reclaim(row);
                }
            });
        }

        foreach (var row in _store.Bases().Where(row => row.Step != FolderStep.Ready && !row.Owner.IsAlive))
        {
            Trying(() => DeleteBase(row));
        }
    }

    /// <summary>What cannot be deleted now is tried again by the next opening, and until then only costs room.</summary>
    private static void Trying(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SavepointException or IOException or UnauthorizedAccessException)
        {
            // Its row stays, by which the next opening finds it.
        }
    }

    /// <summary>Deletes all that there is of a branch, but for its snapshots.</summary>
    private void Reclaim(WorkingCopyRow row)
    {
        row = _store.FindWorkingCopy(row.Name) ?? row;
        FolderRemoval.Delete(row.Aside!);
        if (row.Isolation == Isolation.Overlay ? Directory.Exists(row.Directory) : IsTheCopyOf(row))
        {
            Directory.Move(row.Directory, row.Aside!);
            FolderRemoval.Delete(row.Aside!);
        }

        foreach (var entry in CopyEntries(row.Directory))
        {
            StoreCatalog.RemoveCopy(entry);
        }

        FolderRemoval.Delete(BranchFolders.Of(StoreDirectory, row.Id));
        _store.RemoveBranch(row);
    }

    /// <summary>Whether what stands at a copy's place is that copy, not something that somebody put there.</summary>
    private bool IsTheCopyOf(WorkingCopyRow row)
    {
        if (!Directory.Exists(row.Directory))
        {
            return false;
        }

        using var tree = WorkspaceTree.Open(row.Directory);
        return CopyEntries(row.Directory).Any(entry => entry.Record.Identity.IsSameDirectory(tree.Identify()));
    }

    private static void ForgetPlace(StoreCatalog catalog, string place)
    {
        foreach (var entry in catalog.All().Where(entry => entry.Record.Copy is not null && entry.Record.Root == place))
        {
            StoreCatalog.RemoveCopy(entry);
        }
    }

    private IEnumerable<StoreEntry> CopyEntries(string place) =>
        new StoreCatalog(_options.StoreHome).All().Where(entry => entry.Record.Copy is not null && entry.Record.Root == place && entry.StoreDirectory == StoreDirectory);

    /// <summary>Refuses the copy of a branch that was deleted, and notes where one is that was moved.</summary>
    private static void RefuseEnded(StoreEntry entry, SnapshotStore store)
    {
        if (entry.Record.Copy is not { } copy)
        {
            return;
        }

        if (store.FindWorkingCopy(copy.Branch) is not { Step: FolderStep.Ready } row)
        {
            throw Ended(entry, copy.Branch, isKnown: store.BranchId(copy.Branch) is not null);
        }

        if (row.Directory != entry.Record.Root)
        {
            store.UpdateWorkingCopy(row with { Directory = entry.Record.Root });
        }
    }

    private static SavepointException Ended(StoreEntry entry, string branch, bool isKnown) => isKnown
        ? new SavepointException(
            ErrorCode.NotTracked,
            $"{entry.Record.Root} was the working copy of branch '{branch}', which was deleted.",
            "Its snapshots are in the workspace's history until a clean-up frees them: 'savepoint log --all' there lists them.")
        : new SavepointException(
            ErrorCode.NotTracked,
            $"{entry.Record.Root} was the working copy of branch '{branch}', and the workspace's history has nothing of that branch: it was deleted and then freed by a clean-up, or lost with a damaged store.",
            $"What stands here is as it was left: copy what is needed of it into {StoreCatalog.WorkspaceRootOf(entry)}.");

    private sealed class LockSet : IDisposable
    {
        private readonly List<WorkspaceLock> _locks = [];

        public void Add(WorkspaceLock held) => _locks.Add(held);

        public void Dispose() => _locks.ForEach(held => held.Dispose());
    }
}
