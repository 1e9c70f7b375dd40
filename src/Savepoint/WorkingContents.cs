using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint;

/// <summary>Contents of the store, and of files that differ from it as they are in the tree now: for a diff with the working tree.</summary>
internal sealed class WorkingContents(IContentSource store, WorkspaceTree tree, IEnumerable<FileChange> working) : IContentSource
{
    private readonly Dictionary<ContentId, WorkspacePath> _paths = working
        .Where(change => change.After.ContentId is not null)
        .DistinctBy(change => change.After.ContentId)
        .ToDictionary(change => change.After.ContentId!.Value, change => change.Path);

    public byte[] Read(ContentId id)
    {
        using var whole = new MemoryStream();
        CopyTo(id, whole);
        return whole.ToArray();
    }

    public void CopyTo(ContentId id, Stream destination)
    {
        if (!_paths.TryGetValue(id, out var path))
        {
            store.CopyTo(id, destination);
        }
        else if (tree.TryReadLink(path) is { } target)
        {
            destination.Write(target);
        }
        else if (tree.TryOpenRead(path, out _) is { } file)
        {
            using (file)
            {
                file.CopyTo(destination);
            }
        }
    }
}
