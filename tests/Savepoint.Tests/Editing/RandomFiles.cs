using System.Text;
using Savepoint.Tests.Diffs;

namespace Savepoint.Tests.Editing;

/// <summary>A tree of text files in all the forms that editing keeps, and binary ones, drawn from <paramref name="random"/>.</summary>
internal sealed class RandomFiles(Random random)
{
    private static readonly string[] Folders = ["", "src/", "src/deep/er/", "a b/", "\u00FCml\u00E4ut/"];

    private readonly RandomText _texts = new(random, []);
    private int _count;

    /// <summary>A path at which nothing stands yet.</summary>
    public string NewPath() => $"{Folders[random.Next(Folders.Length)]}file {_count++}.txt";

    /// <summary>Text of a few lines, with LF, some of them blank, some the same.</summary>
    public string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(8) switch
    {
        0 => "\n",
        1 => "\tindented  twice\n",
        2 => "EOF\n",
        3 => "caf\u00E9\n",
        var n => $"line {n} of {random.Next(40)}\n",
    }))[..^random.Next(2)];

    /// <summary>The bytes of a file: text in one of several encodings and line ends, or anything.</summary>
    public byte[] Content()
    {
        var text = Text();
        text = random.Next(3) switch { 0 => text.ReplaceLineEndings("\r\n"), 1 => text.Replace("EOF\n", "EOF\r\n", StringComparison.Ordinal), _ => text };
        return random.Next(8) switch
        {
            0 => _texts.Any(),
            1 => Encoding.Latin1.GetBytes(text),
            2 => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
            3 => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(text)],
            4 => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)],
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    /// <summary>The same lines with LF and UTF-8, some of them other than before, as git and everybody reads them.</summary>
    public byte[] Edited(byte[] plain) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_texts.Edit(plain)).Replace("\r\n", "\n", StringComparison.Ordinal));
}
