using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Savepoint.Diffs;

/// <summary>
/// The name git gives to a file's bytes: the SHA-1 of <c>blob LENGTH NUL</c> and the bytes. Not a safeguard, only what
/// git's <c>index</c> lines need; <c>default</c> is git's all-zero name for "no file".
/// </summary>
public readonly record struct GitBlobId
{
    /// <summary>The length of an id, in bytes.</summary>
    public const int LengthBytes = 20;

    private readonly ulong _a, _b;
    private readonly uint _c;

    private GitBlobId(ReadOnlySpan<byte> sha1)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(sha1);
        _b = BinaryPrimitives.ReadUInt64BigEndian(sha1[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(sha1[16..]);
    }

    /// <summary>The id of these bytes.</summary>
    public static GitBlobId Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[LengthBytes];
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        sha1.AppendData(content);
        sha1.GetHashAndReset(digest);
        return new GitBlobId(digest);
    }

    /// <summary>The id of a content that is read piece by piece.</summary>
    internal static GitBlobId Of(BinaryPayload payload)
    {
        Span<byte> digest = stackalloc byte[LengthBytes];
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(Encoding.ASCII.GetBytes($"blob {payload.LengthBytes}\0"));
        using (var hashing = new Hashing(sha1))
        {
            payload.CopyTo(hashing);
        }

        sha1.GetHashAndReset(digest);
        return new GitBlobId(digest);
    }

    /// <summary>Reads 40 hexadecimal digits; false for anything else, an abbreviated id too.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out GitBlobId id)
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        id = default;
        if (hex.Length != 2 * LengthBytes
            || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        id = new GitBlobId(bytes);
        return true;
    }

    /// <summary>40 hexadecimal digits, lower case.</summary>
    public override string ToString() => $"{_a:x16}{_b:x16}{_c:x8}";

    private sealed class Hashing(IncrementalHash hash) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => hash.AppendData(buffer);
    }
}
