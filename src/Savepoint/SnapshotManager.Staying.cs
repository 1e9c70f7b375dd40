using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Workspaces;

namespace Savepoint;

/// <content>For a process that keeps a workspace open, while others move, delete and restore.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Whether <see cref="Root"/> still leads to the directory that was opened, and its history to the store. If not, it was
    /// moved or deleted, and perhaps made anew, or its store was repaired: open it again.
    /// </summary>
    public bool IsInPlace() => _tree.IsAtRoot() && IsStoreInPlace;

    /// <summary>Whether the database that is open is the one that stands there: a repair puts another in its place.</summary>
    private bool IsStoreInPlace => DatabaseInode() is { } inode && inode == _databaseInode;

    /// <summary>
    /// Inside each write: what is recorded into a database that has no name any more would be lost, and a number whose loss nobody could note
    /// when it was found must not be given again.
    /// </summary>
    private void BeforeWrite()
    {
        RefuseReplaced();
        if (_knownBeside > 0)
        {
            _store.LostNumbers.NoteInside(_knownBeside, _options.Time.GetUtcNow());
        }
    }

    private void RefuseReplaced()
    {
        if (!IsStoreInPlace)
        {
            throw new SavepointException(
                ErrorCode.NotTracked, $"The store {StoreDirectory} was repaired or deleted while {Root} was open: nothing more can be recorded by this process.", "Start it again: what stands in the tree is recorded then.");
        }
    }

    /// <summary>Which file the database is; null if there is none. Not by its times, which each write changes, and not by opening it: closing it again would end SQLite's locks.</summary>
    private long? DatabaseInode()
    {
        try
        {
            using var folder = WorkspaceTree.Open(StoreDirectory);
            return folder.Stat(WorkspacePath.Parse(StoreFiles.Database))?.Inode;
        }
        catch (SavepointException)
        {
            return null; // the folder is gone
        }
    }

    /// <summary>
    /// Finishes a restore that a process left which died since this workspace was opened, and waits for one that is under way. Opening does the same.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    public Task FinishInterruptedAsync(CancellationToken cancellationToken = default) => RecoverAsync(cancellationToken);

    /// <summary>The tool calls that hooks announced and that have not ended, the oldest first.</summary>
    public IReadOnlyList<CaptureContext> AnnouncedCalls() => [.. _store.Spans.All(Branch).Where(span => span.Owner == ProcessIdentity.None).Select(span => span.Context)];
}
