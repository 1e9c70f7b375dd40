using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>Chooses the smallest of the ways to store a content: as it is, compressed, or against its previous version.</summary>
internal static class ContentEncoder
{
    /// <summary>
    /// How many versions follow each other before one skips back: what a read may cost, about 15 µs a step for a source file,
    /// against how much a version has in common with an older one.
    /// </summary>
    public const int Stride = 16;

    /// <summary>More bases than any line of versions needs: <see cref="Stride"/> − 1 for each of its digits.</summary>
    public const int MaxChainLength = 256;

    private const int MinCompressedBytes = 32; // a frame's own header makes less pointless
    private const int PoorShare = 4; // a delta above a quarter of the content is compared with plain compression

    /// <summary>
    /// How far back the base of the version at <paramref name="position"/> lies: 1, but 16 for each 16th and 256 for each
    /// 256th, so that a line of n versions is read in 15 · log₁₆ n steps without ever storing a full copy again.
    /// </summary>
    public static long BaseDistance(long position)
    {
        long distance = 1;
        while (position % (distance * Stride) == 0)
        {
            distance *= Stride;
        }

        return distance;
    }

    /// <summary>Whether the previous version can help: not when it is many times larger or smaller than the new one.</summary>
    public static bool PrefixPays(long previousBytes, int contentBytes) =>
        previousBytes > 0 && contentBytes >= MinCompressedBytes && previousBytes <= 16L * contentBytes;

    public static EncodedContent Encode(ContentId id, byte[] content, ContentPrefix? prefix)
    {
        if (content.Length < MinCompressedBytes)
        {
            return new EncodedContent(id, content.Length, ContentMethod.Raw, null, 0, content);
        }

        if (prefix is not null && ContentSplice.TryEncode(content, prefix.Content) is { } splice)
        {
            return new EncodedContent(id, content.Length, ContentMethod.Splice, prefix.Id, prefix.Position, splice);
        }

        var delta = prefix is null ? null : ContentCodec.Compress(content, prefix.Content);
        if (delta is not null && delta.Length <= content.Length / PoorShare)
        {
            return new EncodedContent(id, content.Length, ContentMethod.ZstdWithPrefix, prefix!.Id, prefix.Position, delta);
        }

        var plain = ContentCodec.Compress(content, default);
        if (delta is not null && delta.Length < plain.Length)
        {
            return new EncodedContent(id, content.Length, ContentMethod.ZstdWithPrefix, prefix!.Id, prefix.Position, delta);
        }

        return plain.Length < content.Length
            ? new EncodedContent(id, content.Length, ContentMethod.Zstd, null, 0, plain)
            : new EncodedContent(id, content.Length, ContentMethod.Raw, null, 0, content);
    }
}
