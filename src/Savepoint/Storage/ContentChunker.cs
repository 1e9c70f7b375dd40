using System.Numerics;

namespace Savepoint.Storage;

/// <summary>
/// Content-defined chunks (FastCDC, Xia et al. 2016, with normalized chunking): a cut falls where a rolling hash of the
/// last bytes has certain bits zero, so that a change in the middle of a large file moves no cut but those beside it.
/// Before the average size is reached more bits must be zero than after it, which keeps sizes close to the average.
/// </summary>
internal static class ContentChunker
{
    public const int MinBytes = 512 * 1024;
    public const int AverageBytes = 1024 * 1024;
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int NormalizationBits = 2; // level 2, the paper's choice
    private static readonly int AverageBits = BitOperations.Log2(AverageBytes);
    private static readonly ulong StrictMask = TopBits(AverageBits + NormalizationBits);
    private static readonly ulong LooseMask = TopBits(AverageBits - NormalizationBits);
    private static readonly ulong[] Gear = MakeGear();

    /// <summary>The length of the first chunk of <paramref name="data"/>, which holds at least <see cref="MaxBytes"/> or ends the file.</summary>
    public static int FirstLength(ReadOnlySpan<byte> data)
    {
        if (data.Length <= MinBytes)
        {
            return data.Length;
        }

        var end = Math.Min(data.Length, MaxBytes);
        var middle = Math.Min(end, AverageBytes);
        ulong hash = 0;
        var i = MinBytes;
        for (; i < middle; i++)
        {
            hash = (hash << 1) + Gear[data[i]];
            if ((hash & StrictMask) == 0)
            {
                return i + 1;
            }
        }

        for (; i < end; i++)
        {
            hash = (hash << 1) + Gear[data[i]];
            if ((hash & LooseMask) == 0)
            {
                return i + 1;
            }
        }

        return end;
    }

    // The top bits: each depends on the last 64 bytes, a low one only on the last few.
    private static ulong TopBits(int count) => ulong.MaxValue << (64 - count);

    // SplitMix64 (Steele et al. 2014) from seed 0: part of the format only in so far as other cuts share fewer chunks.
    private static ulong[] MakeGear()
    {
        var gear = new ulong[256];
        ulong state = 0;
        for (var i = 0; i < gear.Length; i++)
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            gear[i] = z ^ (z >> 31);
        }

        return gear;
    }
}
