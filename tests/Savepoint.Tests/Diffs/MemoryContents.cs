using Savepoint.Model;

namespace Savepoint.Tests.Diffs;

/// <summary>Contents in a dictionary, and the states that name them.</summary>
internal sealed class MemoryContents : IContentSource
{
    private readonly Dictionary<ContentId, byte[]> _contents = [];

    public byte[] Read(ContentId id) => _contents[id];

    public void CopyTo(ContentId id, Stream destination) => destination.Write(Read(id));

    public FileState File(byte[] content, UnixMode? mode = null) =>
        new FileState.Regular(mode ?? UnixMode.DefaultFile, Keep(content), content.Length);

    public FileState Link(byte[] target) => new FileState.Symlink(Keep(target), target.Length);

    private ContentId Keep(byte[] content)
    {
        var id = ContentId.Of(content);
        _contents[id] = content;
        return id;
    }
}
