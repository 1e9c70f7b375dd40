using Savepoint.Model;

namespace Savepoint;

/// <content>What is in the tree and not in the store yet.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Recorded bytes, and those of files and links that <paramref name="changes"/> found in the tree without recording
    /// them: for showing what <see cref="PeekAsync"/> or a diff with the working tree found.
    /// </summary>
    /// <param name="changes">Changes whose states after are in the tree now. A file that has changed since gives its new bytes.</param>
    public IContentSource ContentsWithTree(IEnumerable<FileChange> changes) => new WorkingContents(_store.Contents, _tree, changes);

    /// <summary>Whether something stands at <paramref name="path"/> in the tree now, ignored or not. What is behind a symbolic link is not of the tree.</summary>
    /// <param name="path">A file, a link or a directory.</param>
    public bool IsInTree(WorkspacePath path) => path.IsRoot || _tree.Stat(path) is not null;
}
