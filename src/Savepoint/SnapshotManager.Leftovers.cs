using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint;

/// <content>What restores that nobody remembers have left in the tree: after a power loss the journal may be gone, and the files not.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Deletes files under temporary names whose bytes the store has; any other is given a name that can be seen, and so is
    /// recorded. The workspace lock is held, shared or not, so that no restore is at work.
    /// </summary>
    private void ReclaimTemporary(IReadOnlyList<WorkspacePath> found)
    {
        if (found.Count == 0 || _store.Journal.Unfinished(Branch) is not null)
        {
            return; // those of a restore that is still to be finished are its own
        }

        foreach (var path in found.Where(IsOwn))
        {
            try
            {
                Reclaim(path);
            }
            catch (SavepointException)
            {
                // It is in nobody's way, and the next scan finds it again.
            }
        }
    }

    /// <summary>Whether no other workspace, one inside this one, has it: there a restore may be at work.</summary>
    private bool IsOwn(WorkspacePath path) => FindWorkspace(Path.Combine(Root, path.Parent.ToString()), _options) == Root;

    private void Reclaim(WorkspacePath path)
    {
        if (ReadNow(path) is not { ContentId: { } content } state)
        {
            return; // a directory or a pipe is none of ours
        }

        if (state is FileState.Regular { SizeBytes: 0 } || _store.Contents.Contains(content))
        {
            _tree.DeleteFile(path);
        }
        else
        {
            _tree.TryRenameNew(path, path.Parent.Append(TemporaryName.FoundName(path.Name)));
        }
    }
}
