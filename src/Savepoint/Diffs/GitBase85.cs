using System.Buffers;
using System.Buffers.Binary;

namespace Savepoint.Diffs;

/// <summary>
/// Git's base 85: four bytes, big-endian, become five digits; a line holds up to 52 bytes behind a letter that gives
/// their number, A to Z for 1 to 26, a to z for 27 to 52.
/// </summary>
internal static class GitBase85
{
    /// <summary>What a line holds at most, decoded.</summary>
    public const int MaxLineBytes = 52;

    private static ReadOnlySpan<byte> Digits =>
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"u8;

    private static readonly sbyte[] Values = MakeValues();

    /// <summary>Writes <paramref name="data"/> as lines, each with its LF.</summary>
    public static void WriteLines(ReadOnlySpan<byte> data, IBufferWriter<byte> destination)
    {
        Span<byte> group = stackalloc byte[4];
        while (!data.IsEmpty)
        {
            var line = data[..Math.Min(data.Length, MaxLineBytes)];
            data = data[line.Length..];
            var text = destination.GetSpan(2 + (MaxLineBytes / 4 * 5));
            text[0] = (byte)(line.Length <= 26 ? 'A' + line.Length - 1 : 'a' + line.Length - 27);
            var length = 1;
            for (var i = 0; i < line.Length; i += 4)
            {
                group.Clear();
                line[i..Math.Min(i + 4, line.Length)].CopyTo(group);
                WriteGroup(BinaryPrimitives.ReadUInt32BigEndian(group), text.Slice(length, 5));
                length += 5;
            }

            text[length++] = (byte)'\n';
            destination.Advance(length);
        }
    }

    /// <summary>Reads one line, without its LF; false if it is not of this format.</summary>
    public static bool TryReadLine(ReadOnlySpan<byte> line, IBufferWriter<byte> destination)
    {
        var byteCount = line.IsEmpty ? 0 : line[0] switch
        {
            >= (byte)'A' and <= (byte)'Z' => line[0] - 'A' + 1,
            >= (byte)'a' and <= (byte)'z' => line[0] - 'a' + 27,
            _ => 0,
        };
        if (byteCount == 0 || line.Length != 1 + ((byteCount + 3) / 4 * 5))
        {
            return false;
        }

        Span<byte> group = stackalloc byte[4];
        for (var i = 1; i < line.Length; i += 5)
        {
            if (!TryReadGroup(line.Slice(i, 5), out var value))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt32BigEndian(group, value);
            var take = Math.Min(4, byteCount);
            destination.Write(group[..take]);
            byteCount -= take;
        }

        return true;
    }

    private static void WriteGroup(uint value, Span<byte> text)
    {
        for (var i = 4; i >= 0; i--)
        {
            text[i] = Digits[(int)(value % 85)];
            value /= 85;
        }
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> text, out uint value)
    {
        ulong sum = 0;
        foreach (var digit in text)
        {
            var digitValue = Values[digit];
            if (digitValue < 0)
            {
                value = 0;
                return false;
            }

            sum = (sum * 85) + (ulong)digitValue;
        }

        value = (uint)sum;
        return sum <= uint.MaxValue;
    }

    private static sbyte[] MakeValues()
    {
        var values = new sbyte[256];
        Array.Fill(values, (sbyte)-1);
        for (var i = 0; i < Digits.Length; i++)
        {
            values[Digits[i]] = (sbyte)i;
        }

        return values;
    }
}
