using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// A content as its previous version with one stretch replaced: how many bytes stay at the head and at the tail, and what
/// stands between them, compressed with the old version's bytes around it as prefix. An edit in one place then costs
/// comparing two files, where a zstd frame with the whole old version as prefix costs reading that into its tables.
/// </summary>
internal static class ContentSplice
{
    private const int MaxMiddleBytes = 2048; // beyond it, the edit has more in common with the rest of the file
    private const int ContextBytes = 1024; // of the old version, to either side
    private const int MinCompressedBytes = 32;

    /// <summary>The splice that makes <paramref name="content"/> of <paramref name="previous"/>; null if too much between head and tail differs.</summary>
    public static byte[]? TryEncode(ReadOnlySpan<byte> content, ReadOnlySpan<byte> previous)
    {
        var head = content.CommonPrefixLength(previous);
        var tail = CommonTail(content[head..], previous[head..]);
        var middle = content[head..^tail];
        if (middle.Length > Math.Min(MaxMiddleBytes, content.Length / 2))
        {
            return null;
        }

        var data = new List<byte>(16 + middle.Length);
        Varint.Append(data, (ulong)head);
        Varint.Append(data, (ulong)tail);
        data.AddRange(middle.Length < MinCompressedBytes ? middle : ContentCodec.Compress(middle, Context(previous, head, tail)));
        return [.. data];
    }

    /// <summary>Undoes <see cref="TryEncode"/>.</summary>
    /// <exception cref="SavepointException">The data does not fit the previous version or the size.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> data, ReadOnlySpan<byte> previous, int size)
    {
        if (!Varint.TryRead(ref data, out var headBytes) || !Varint.TryRead(ref data, out var tailBytes)
            || headBytes > (ulong)Math.Min(size, previous.Length) || tailBytes > (ulong)Math.Min(size, previous.Length) - headBytes)
        {
            throw new SavepointException(ErrorCode.Damaged, "A recorded content cannot be read: it does not fit the version it is stored against.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
        }

        var (head, tail) = ((int)headBytes, (int)tailBytes);
        var content = new byte[size];
        previous[..head].CopyTo(content);
        previous[^tail..].CopyTo(content.AsSpan(size - tail));
        var middle = content.AsSpan(head, size - head - tail);
        if (middle.Length >= MinCompressedBytes)
        {
            ContentCodec.Decompress(data, Context(previous, head, tail), middle.Length).CopyTo(middle);
        }
        else if (data.Length == middle.Length)
        {
            data.CopyTo(middle);
        }
        else
        {
            throw new SavepointException(ErrorCode.Damaged, $"A recorded content cannot be read: {data.Length} bytes stand where {middle.Length} were recorded.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
        }

        return content;
    }

    private static ReadOnlySpan<byte> Context(ReadOnlySpan<byte> previous, int head, int tail) =>
        previous[Math.Max(0, head - ContextBytes)..Math.Min(previous.Length, previous.Length - tail + ContextBytes)];

    // The framework compares heads many bytes at a time, and has nothing for tails: halving finds the length with as few calls.
    private static int CommonTail(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var (common, limit) = (0, Math.Min(x.Length, y.Length));
        for (var step = 256; step > 0;)
        {
            if (common + step <= limit && x[^(common + step)..^common].SequenceEqual(y[^(common + step)..^common]))
            {
                common += step;
            }
            else
            {
                step /= 2;
            }
        }

        return common;
    }
}
