using Savepoint.Model;

namespace Savepoint;

/// <summary>Contents that merges made and nobody stored yet, before all others.</summary>
internal sealed class MadeContents(IReadOnlyDictionary<ContentId, byte[]> made, IContentSource others) : IContentSource
{
    public byte[] Read(ContentId id) => made.TryGetValue(id, out var content) ? content : others.Read(id);

    public void CopyTo(ContentId id, Stream destination) => destination.Write(Read(id));
}
