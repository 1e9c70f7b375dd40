using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>Chooses the smallest of the ways to store a content: as it is, compressed, or against its previous version.</summary>
internal static class ContentEncoder
{
    /// <summary>The longest chain of bases: what a read may cost (about 15 µs a step for a source file) against a full copy once in so many versions.</summary>
    public const int MaxDepth = 24;

    private const int MinCompressedBytes = 32; // a frame's own header makes less pointless
    private const int PoorShare = 4; // a delta above a quarter of the content is compared with plain compression

    /// <summary>Whether the previous version can help: not when it is many times larger or smaller than the new one.</summary>
    public static bool PrefixPays(long previousBytes, int contentBytes) =>
        previousBytes > 0 && contentBytes >= MinCompressedBytes && previousBytes <= 16L * contentBytes;

    public static EncodedContent Encode(ContentId id, byte[] content, ContentPrefix? prefix)
    {
        if (content.Length < MinCompressedBytes)
        {
            return new EncodedContent(id, content.Length, ContentMethod.Raw, null, 0, content);
        }

        var delta = prefix is null ? null : ContentCodec.Compress(content, prefix.Content);
        if (delta is not null && delta.Length <= content.Length / PoorShare)
        {
            return new EncodedContent(id, content.Length, ContentMethod.ZstdWithPrefix, prefix!.Row, prefix.Depth + 1, delta);
        }

        var plain = ContentCodec.Compress(content, default);
        if (delta is not null && delta.Length < plain.Length)
        {
            return new EncodedContent(id, content.Length, ContentMethod.ZstdWithPrefix, prefix!.Row, prefix.Depth + 1, delta);
        }

        return plain.Length < content.Length
            ? new EncodedContent(id, content.Length, ContentMethod.Zstd, null, 0, plain)
            : new EncodedContent(id, content.Length, ContentMethod.Raw, null, 0, content);
    }
}
