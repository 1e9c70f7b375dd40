using System.Buffers.Binary;

namespace Savepoint.Storage;

/// <summary>
/// Looks at a write-ahead log as SQLite does when it opens one (sqlite.org/fileformat2.html, section 4): frames count up to the
/// first that does not fit its checksum. What stands behind that one, of the same log, was committed and would be dropped
/// without a word.
/// </summary>
internal static class LogCheck
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint LittleEndianMagic = 0x377f0682;

    /// <summary>How many frames behind a damaged one belong to the log; 0 where nothing is damaged, or the end is only torn.</summary>
    public static long CountDropped(Stream log)
    {
        var header = new byte[HeaderBytes];
        if (log.Length < HeaderBytes || log.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return 0;
        }

        var isBigEndian = BinaryPrimitives.ReadUInt32BigEndian(header) == LittleEndianMagic + 1;
        var pageBytes = (int)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
        var sum = Add((0, 0), header.AsSpan(0, 24), isBigEndian);
        if (BinaryPrimitives.ReadUInt32BigEndian(header) is not (LittleEndianMagic or LittleEndianMagic + 1) || pageBytes is < 512 or > 65536 || sum != Stored(header.AsSpan(24)))
        {
            return log.Length > HeaderBytes ? 1 : 0;
        }

        var frame = new byte[FrameHeaderBytes + pageBytes];
        var isValid = true;
        long dropped = 0, open = 0;
        while (log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            var isOfThisLog = frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8));
            var follows = isOfThisLog && Add(Add(sum, frame.AsSpan(0, 8), isBigEndian), frame.AsSpan(FrameHeaderBytes), isBigEndian) == Stored(frame.AsSpan(16));
            if (isValid && follows)
            {
                sum = Stored(frame.AsSpan(16));
                continue;
            }

            // From the first that does not follow the one before it. What a transaction that was never committed left there has no last frame.
            open = isOfThisLog ? open + (isValid ? 0 : 1) : 0;
            if (follows && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0)
            {
                (dropped, open) = (dropped + open, 0);
            }

            (sum, isValid) = (Stored(frame.AsSpan(16)), false);
        }

        return dropped;
    }

    private static (uint, uint) Stored(ReadOnlySpan<byte> bytes) => (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

    private static (uint, uint) Add((uint First, uint Second) sum, ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var (first, second) = sum;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            first += Word(bytes, isBigEndian) + second;
            second += Word(bytes[4..], isBigEndian) + first;
        }

        return (first, second);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool isBigEndian) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
