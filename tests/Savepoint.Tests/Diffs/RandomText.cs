using System.Text;

namespace Savepoint.Tests.Diffs;

/// <summary>Contents to compare, drawn from <paramref name="random"/>: few different lines, many, CRLF, no last LF, NULs, noise, source code.</summary>
internal sealed class RandomText(Random random, IReadOnlyList<byte[]> realTexts)
{
    /// <summary>A content and an edited version of it, or another one altogether.</summary>
    public (byte[] Before, byte[] After) Pair()
    {
        var before = Any();
        return random.Next(6) switch
        {
            0 => (before, Any()),
            1 => ([], before),
            _ => (before, Edit(before)),
        };
    }

    /// <summary>Any content.</summary>
    public byte[] Any() => random.Next(10) switch
    {
        0 => [],
        1 => Noise(random.Next(1, 3000)),
        2 => [.. Noise(random.Next(1, 300)), 0, .. Lines(20, 5)],
        3 or 4 when realTexts.Count > 0 => realTexts[random.Next(realTexts.Count)],
        5 => Lines(random.Next(1, 400), 1000),
        6 => Encoding.ASCII.GetBytes("no newline, one line"),
        _ => Lines(random.Next(1, 60), random.Next(1, 12)),
    };

    /// <summary>The content with some lines replaced, removed, added or moved, seldom a byte changed.</summary>
    public byte[] Edit(byte[] content)
    {
        var lines = Split(content);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(lines.Count + 1);
            var count = Math.Min(random.Next(4), lines.Count - at);
            var taken = lines.GetRange(at, count);
            lines.RemoveRange(at, count);
            switch (random.Next(4))
            {
                case 0:
                    lines.InsertRange(random.Next(lines.Count + 1), taken);
                    break;
                case 1:
                    break;
                default:
                    lines.InsertRange(at, Split(Lines(random.Next(1, 5), 9)));
                    break;
            }
        }

        byte[] edited = [.. lines.SelectMany(line => line)];
        return random.Next(5) == 0 && edited.Length > 0 ? edited[..^1] : edited;
    }

    /// <summary>Lines of which <paramref name="distinctCount"/> are different, with LF or CRLF, sometimes without a last LF.</summary>
    public byte[] Lines(int count, int distinctCount)
    {
        var end = random.Next(4) == 0 ? "\r\n" : "\n";
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var line = random.Next(distinctCount);
            text.Append(line == 0 ? "" : line == 1 ? "-- \\ No newline" : $"line {line}").Append(end);
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, text.Length - (random.Next(5) == 0 ? 1 : 0)));
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static List<byte[]> Split(byte[] content)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < content.Length;)
        {
            var end = Array.IndexOf(content, (byte)'\n', start) + 1;
            end = end == 0 ? content.Length : end;
            lines.Add(content[start..end]);
            start = end;
        }

        return lines;
    }
}
