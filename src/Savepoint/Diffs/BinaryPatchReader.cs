using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;

namespace Savepoint.Diffs;

/// <summary>Reads what follows <c>GIT binary patch</c>.</summary>
internal static class BinaryPatchReader
{
    /// <param name="lines">At the first payload.</param>
    /// <param name="unpackLimit">How many bytes may still be unpacked from this patch; lowered by what is.</param>
    public static BinaryPatch Read(ref PatchLines lines, ref long unpackLimit)
    {
        var forward = ReadPayload(ref lines, ref unpackLimit);
        var hasReverse = lines.Line.StartsWith("literal "u8) || lines.Line.StartsWith("delta "u8);
        return new BinaryPatch(forward, hasReverse ? ReadPayload(ref lines, ref unpackLimit) : null);
    }

    private static BinaryPayload ReadPayload(ref PatchLines lines, ref long unpackLimit)
    {
        var at = lines;
        var kind = BinaryPayloadKind.Literal;
        if (!lines.TryTake("literal "u8, out var digits))
        {
            kind = BinaryPayloadKind.Delta;
            if (!lines.TryTake("delta "u8, out digits))
            {
                throw at.Error("a binary part begins with literal or delta");
            }
        }

        if (!Utf8Parser.TryParse(digits, out int lengthBytes, out _) || lengthBytes < 0 || lengthBytes > unpackLimit)
        {
            throw at.Error("the size of a binary part is no number, or too large");
        }

        unpackLimit -= lengthBytes;
        var packed = new ArrayBufferWriter<byte>();
        while (!lines.Line.IsEmpty)
        {
            if (!GitBase85.TryReadLine(lines.Line, packed))
            {
                throw lines.Error("a line of a binary part is not in base 85");
            }

            lines.Advance();
        }

        if (!lines.IsAtEnd)
        {
            lines.Advance();
        }

        return new BinaryPayload(kind, Inflate(packed.WrittenSpan, lengthBytes) ?? throw at.Error("a binary part is damaged, or not of the size it gives"));
    }

    /// <summary>Unpacks exactly this many bytes; null if there are more or fewer. Memory grows with the data, not with the claim.</summary>
    private static byte[]? Inflate(ReadOnlySpan<byte> packed, int lengthBytes)
    {
        const int BlockBytes = 1 << 16;
        var data = new ArrayBufferWriter<byte>();
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            while (data.WrittenCount <= lengthBytes)
            {
                var read = zlib.Read(data.GetSpan(BlockBytes)[..BlockBytes]);
                if (read == 0)
                {
                    break;
                }

                data.Advance(read);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return data.WrittenCount == lengthBytes ? data.WrittenSpan.ToArray() : null;
    }
}
