namespace Savepoint.Cli.ConfigText;

/// <summary>Bytes put into a text, at an offset of the text as it was without any of them.</summary>
internal readonly record struct TextInsertion(int At, byte[] Bytes);

/// <summary>Edits of a text as lists of what comes in or goes out: whatever they do not name stays byte for byte.</summary>
internal static class TextEdit
{
    /// <summary>A shorter insertion, a comma say, is not searched for: it would be found anywhere.</summary>
    private const int ShortestSearchedBytes = 16;

    /// <param name="text">The text as it is.</param>
    /// <param name="insertions">In ascending order.</param>
    public static byte[] Insert(ReadOnlySpan<byte> text, IReadOnlyList<TextInsertion> insertions)
    {
        var result = new MemoryStream(text.Length + insertions.Sum(insertion => insertion.Bytes.Length));
        var copied = 0;
        foreach (var insertion in insertions)
        {
            result.Write(text[copied..insertion.At]);
            result.Write(insertion.Bytes);
            copied = insertion.At;
        }

        result.Write(text[copied..]);
        return result.ToArray();
    }

    /// <param name="text">The text as it is.</param>
    /// <param name="ranges">What goes: from, to. They do not overlap.</param>
    public static byte[] Remove(ReadOnlySpan<byte> text, IEnumerable<(int Start, int End)> ranges)
    {
        var result = new MemoryStream(text.Length);
        var copied = 0;
        foreach (var (start, end) in ranges.Order())
        {
            result.Write(text[copied..start]);
            copied = end;
        }

        result.Write(text[copied..]);
        return result.ToArray();
    }

    /// <summary>
    /// The text as it would be without these insertions. They are where they were put, all of them; or, since others may
    /// have edited the text before them, each is looked for anywhere. Null if one is not there, or more than once.
    /// </summary>
    public static byte[]? TakeBack(byte[] text, IReadOnlyList<TextInsertion> insertions)
    {
        var ranges = Ranges(text, insertions, IsAt) ?? Ranges(text, insertions, OnlyPlaceOf);
        return ranges is null ? null : Remove(text, ranges);
    }

    private delegate int? Finder(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes, int expected);

    private static List<(int Start, int End)>? Ranges(byte[] text, IReadOnlyList<TextInsertion> insertions, Finder find)
    {
        var ranges = new List<(int Start, int End)>();
        var inserted = 0;
        foreach (var (at, bytes) in insertions)
        {
            if (find(text, bytes, at + inserted) is not { } start || (ranges.Count > 0 && start < ranges[^1].End))
            {
                return null;
            }

            ranges.Add((start, start + bytes.Length));
            inserted += bytes.Length;
        }

        return ranges;
    }

    private static int? IsAt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes, int expected) =>
        expected <= text.Length && text[expected..].StartsWith(bytes) ? expected : null;

    private static int? OnlyPlaceOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes, int expected)
    {
        var first = bytes.Length < ShortestSearchedBytes ? -1 : text.IndexOf(bytes);
        return first >= 0 && text[(first + 1)..].IndexOf(bytes) < 0 ? first : null;
    }
}
