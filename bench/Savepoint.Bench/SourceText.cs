using System.Text;

namespace Savepoint.Bench;

/// <summary>Text that looks like source code to a compressor and a diff, always the same for a seed.</summary>
internal sealed class SourceText(int seed)
{
    private static readonly string[] Words = "the value of index path state count buffer offset length result error handle stream reader writer node entry table store commit branch parent change before after hash bytes line token scope rule match list item cache size limit".Split(' ');

    private readonly Random _random = new(seed);

    /// <summary>Lines of code, at least so many bytes.</summary>
    public List<string> File(int bytes)
    {
        var lines = new List<string>();
        for (var length = 0; length < bytes;)
        {
            lines.Add(Line());
            length += lines[^1].Length + 1;
        }

        return lines;
    }

    /// <summary>Changes one to twelve neighbouring lines.</summary>
    public void Edit(List<string> lines)
    {
        var count = _random.Next(1, 13);
        var at = _random.Next(Math.Max(1, lines.Count - count));
        for (var i = at; i < Math.Min(lines.Count, at + count); i++)
        {
            lines[i] = Line();
        }
    }

    public int Next(int below) => _random.Next(below);

    public static byte[] Bytes(List<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private string Line() => _random.Next(6) switch
    {
        0 => "",
        1 => $"        if ({Word()} == {Word()}.{Name()})",
        2 => $"        var {Word()} = {Word()}.{Name()}({Word()}, {_random.Next(1000)});",
        3 => $"        return {Name()}({Word()}, {Word()});",
        4 => $"    /// The {Word()} {Word()} of the {Word()} {Word()}, {Word()} {Word()}.",
        _ => $"        {Word()}.{Name()}({Word()});",
    };

    private string Word() => Words[_random.Next(Words.Length)];

    private string Name() => char.ToUpperInvariant(Word()[0]) + Word() + _random.Next(100);
}
