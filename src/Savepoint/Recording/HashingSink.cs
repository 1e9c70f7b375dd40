using Savepoint.Model;

namespace Savepoint.Recording;

/// <summary>A sink that keeps nothing: for asking what stands in the tree without recording it.</summary>
internal sealed class HashingSink : IContentSink
{
    public static HashingSink Instance { get; } = new();

    public bool Contains(ContentId id) => true;

    public void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null)
    {
    }

    public (ContentId Id, long SizeBytes) Add(Stream content)
    {
        using var hash = new ContentHash(long.MaxValue);
        var buffer = new byte[1 << 16];
        long size = 0;
        for (int read; (read = content.Read(buffer)) > 0; size += read)
        {
            hash.Append(buffer.AsSpan(0, read));
        }

        return (hash.Finish(), size);
    }
}
