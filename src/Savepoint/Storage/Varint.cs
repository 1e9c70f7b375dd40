namespace Savepoint.Storage;

/// <summary>Unsigned LEB128: seven bits a byte, the lowest first, the top bit set on all but the last.</summary>
internal static class Varint
{
    public static void Append(List<byte> destination, ulong value)
    {
        while (value >= 0x80)
        {
            destination.Add((byte)(value | 0x80));
            value >>= 7;
        }

        destination.Add((byte)value);
    }

    /// <summary>Reads one value and moves <paramref name="source"/> past it; false at a truncated or overlong one.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (var i = 0; i < source.Length && i < 10; i++)
        {
            value |= (ulong)(source[i] & 0x7f) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
