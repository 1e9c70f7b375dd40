using System.Text.RegularExpressions;

namespace Savepoint.Bench.Decisions;

/// <summary>A function at the outer level of a JavaScript file, as express writes them: from a line that ends with a brace to one that begins with one.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Name">Its name, as <c>res.send</c>.</param>
/// <param name="FirstIndex">The line that opens it.</param>
/// <param name="LastIndex">The line that closes it.</param>
internal sealed partial record ScriptFunction(string Path, string Name, int FirstIndex, int LastIndex)
{
    /// <summary>All functions of the sources, in order.</summary>
    public static List<ScriptFunction> Of(IReadOnlyDictionary<string, string> files) =>
        [.. files.Keys.Where(path => path.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).SelectMany(path => InFile(path, files[path].Split('\n')))];

    /// <summary>Its lines.</summary>
    public string[] LinesIn(IReadOnlyDictionary<string, string> files) => files[Path].Split('\n')[FirstIndex..(LastIndex + 1)];

    /// <summary>The files with its lines replaced.</summary>
    public IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> files, IEnumerable<string> lines)
    {
        var all = files[Path].Split('\n');
        return new Dictionary<string, string>(files) { [Path] = string.Join('\n', [.. all[..FirstIndex], .. lines, .. all[(LastIndex + 1)..]]) };
    }

    /// <summary>The files with lines put at the beginning of its body.</summary>
    public IReadOnlyDictionary<string, string> Begun(IReadOnlyDictionary<string, string> files, params IEnumerable<string> lines)
    {
        var own = LinesIn(files);
        return With(files, [own[0], .. lines, .. own[1..]]);
    }

    private static IEnumerable<ScriptFunction> InFile(string path, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (Opening().Match(lines[i]) is { Success: true } match && Array.FindIndex(lines, i + 1, line => line is "}" or "};") is > 0 and var end)
            {
                yield return new ScriptFunction(path, match.Groups["name"].Value, i, end);
                i = end;
            }
        }
    }

    [GeneratedRegex(@"^(?:(?<name>[\w.]+) = (?:[\w.]+ = )*function ?\w* ?|function (?<name>\w+) ?)\([^)]*\) ?\{ *$")]
    private static partial Regex Opening();
}
