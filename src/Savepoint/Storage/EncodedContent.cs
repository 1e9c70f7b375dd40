using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>How a content's <c>data</c> is to be read (docs/file-format.md, Contents).</summary>
internal enum ContentMethod
{
    Raw = 0,
    Zstd = 1,
    ZstdWithPrefix = 2,
    Chunks = 3,
    Packed = 4,
    Splice = 5,
}

/// <summary>A content as it is stored, or about to be.</summary>
/// <param name="Id">The hash of the decoded bytes.</param>
/// <param name="SizeBytes">Their length.</param>
/// <param name="Method">How <paramref name="Data"/> is to be read.</param>
/// <param name="Base">The content whose decoded bytes are the prefix; it is stored before this one.</param>
/// <param name="Position">Its place in its line of versions: 0 for one that needs no base.</param>
/// <param name="Data">The encoded bytes; of chunks not yet in the database, nothing.</param>
/// <param name="Chunks">For a content about to be stored in chunks, their ids in order.</param>
internal sealed record EncodedContent(
    ContentId Id, long SizeBytes, ContentMethod Method, ContentId? Base, long Position, byte[] Data, IReadOnlyList<ContentId>? Chunks = null);

/// <summary>A stored content that may serve as the prefix of a new one.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Position">The place in the line of versions that the new content takes.</param>
/// <param name="Content">Its decoded bytes.</param>
internal sealed record ContentPrefix(ContentId Id, long Position, byte[] Content);
