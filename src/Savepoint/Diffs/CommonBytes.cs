namespace Savepoint.Diffs;

/// <summary>How much two contents share at their ends, in whole lines, found without splitting them into lines.</summary>
internal static class CommonBytes
{
    private const int BlockBytes = 256;

    /// <summary>The length in bytes of the equal lines at the start.</summary>
    public static int PrefixLines(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var length = a.CommonPrefixLength(b);
        return length == a.Length && length == b.Length ? length : a[..length].LastIndexOf((byte)'\n') + 1;
    }

    /// <summary>The length in bytes of the equal lines at the end, of contents that both begin at a line's start.</summary>
    public static int SuffixLines(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var length = Suffix(a, b);
        if (StartsLine(a, a.Length - length) && StartsLine(b, b.Length - length))
        {
            return length;
        }

        // The suffix begins inside a line of at least one side: that line is not common, those after it are.
        var lineEnd = a[^length..].IndexOf((byte)'\n');
        return lineEnd < 0 ? 0 : length - lineEnd - 1;
    }

    private static bool StartsLine(ReadOnlySpan<byte> content, int offset) => offset == 0 || content[offset - 1] == '\n';

    private static int Suffix(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var length = 0;
        var limit = Math.Min(a.Length, b.Length);
        while (limit - length >= BlockBytes
            && a.Slice(a.Length - length - BlockBytes, BlockBytes).SequenceEqual(b.Slice(b.Length - length - BlockBytes, BlockBytes)))
        {
            length += BlockBytes;
        }

        while (length < limit && a[a.Length - length - 1] == b[b.Length - length - 1])
        {
            length++;
        }

        return length;
    }
}
