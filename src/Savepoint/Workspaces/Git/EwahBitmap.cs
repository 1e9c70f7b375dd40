using System.Buffers.Binary;

namespace Savepoint.Workspaces.Git;

/// <summary>
/// Reads a bitmap in the word-aligned compression that git writes (Lemire, Kaser, Aouiche 2010, "EWAH"): the number of
/// bits, the number of 64-bit words, the words, the place of the last marker. A marker word holds a bit, how many words
/// are filled with it (32 bits), and how many words follow as they are (31 bits).
/// </summary>
internal static class EwahBitmap
{
    /// <summary>Ten times the entries of the largest indices there are; a bound on what a hostile count can ask for.</summary>
    private const int MaxBitCount = 1 << 22;

    private const int WordLengthBits = 64;

    /// <summary>The numbers of the bits that are set.</summary>
    /// <exception cref="InvalidDataException">The bitmap is damaged.</exception>
    public static HashSet<int> Read(ReadOnlySpan<byte> data)
    {
        Require(data.Length >= 8);
        var bitCount = BinaryPrimitives.ReadUInt32BigEndian(data);
        var wordCount = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        Require(bitCount <= MaxBitCount && wordCount <= (data.Length - 8) / 8);

        var limit = (bitCount + WordLengthBits - 1) / WordLengthBits * WordLengthBits; // the last word may be filled past the last bit
        var words = data.Slice(8, (int)wordCount * 8);
        var set = new HashSet<int>();
        long bit = 0;
        while (!words.IsEmpty)
        {
            var marker = TakeWord(ref words);
            var runLength = (long)((marker >> 1) & uint.MaxValue) * WordLengthBits;
            var literalCount = (int)(marker >> 33);
            Require(bit + runLength <= limit && literalCount <= words.Length / 8);
            if ((marker & 1) != 0)
            {
                set.UnionWith(Enumerable.Range((int)bit, (int)runLength));
            }

            bit += runLength;
            for (var i = 0; i < literalCount; i++, bit += WordLengthBits)
            {
                Require(bit < limit);
                for (var word = TakeWord(ref words); word != 0; word &= word - 1)
                {
                    set.Add((int)bit + System.Numerics.BitOperations.TrailingZeroCount(word));
                }
            }
        }

        // The last word may be filled past the last bit that counts.
        set.RemoveWhere(number => number >= bitCount);
        return set;
    }

    private static ulong TakeWord(ref ReadOnlySpan<byte> words)
    {
        var word = BinaryPrimitives.ReadUInt64BigEndian(words);
        words = words[8..];
        return word;
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidDataException("A bitmap of the shared index's entries is damaged.");
        }
    }
}
