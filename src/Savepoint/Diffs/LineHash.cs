using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Savepoint.Diffs;

/// <summary>
/// A 64-bit hash of a line's bytes: sixteen bytes a step, folded by a 64 × 64 → 128 bit multiplication. Seeded per
/// process, so that nobody can write a file whose lines all fall into one slot.
/// </summary>
internal static class LineHash
{
    // Odd constants with evenly spread bits: the fractional parts of the golden ratio and of the square root of 3.
    private const ulong A = 0x9E3779B97F4A7C15;
    private const ulong B = 0xBB67AE8584CAA73B;

    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public static ulong Of(ReadOnlySpan<byte> line)
    {
        var hash = Seed ^ (ulong)line.Length;
        while (line.Length > 16)
        {
            hash = Fold(BinaryPrimitives.ReadUInt64LittleEndian(line) ^ A, BinaryPrimitives.ReadUInt64LittleEndian(line[8..]) ^ hash);
            line = line[16..];
        }

        ulong low = 0, high = 0;
        if (line.Length >= 8)
        {
            low = BinaryPrimitives.ReadUInt64LittleEndian(line);
            high = BinaryPrimitives.ReadUInt64LittleEndian(line[^8..]);
        }
        else if (line.Length >= 4)
        {
            low = BinaryPrimitives.ReadUInt32LittleEndian(line);
            high = BinaryPrimitives.ReadUInt32LittleEndian(line[^4..]);
        }
        else if (line.Length > 0)
        {
            low = line[0];
            high = ((ulong)line[line.Length / 2] << 8) | line[^1];
        }

        return Fold(Fold(low ^ A, high ^ hash), B);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
