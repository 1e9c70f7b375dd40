using System.Text.RegularExpressions;

namespace Savepoint.Tests.Structure;

/// <summary>One row of docs/seed-map.md.</summary>
/// <param name="Names">The seed's names and numbers.</param>
/// <param name="Status">What became of them.</param>
/// <param name="Where">Types, or the issue that brings them.</param>
/// <param name="File">The file of the first type; empty if none.</param>
/// <param name="Test">A test, as <c>Class.Method</c>; empty if none.</param>
internal sealed partial record SeedMapRow(IReadOnlyList<string> Names, string Status, string Where, string File, string Test)
{
    /// <summary>The rows of a page, its table heads excepted.</summary>
    public static List<SeedMapRow> Parse(string page) =>
    [
        .. page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim()[1..^1].Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new SeedMapRow(Quoted(cells[0]), cells[1], cells[2], cells[3], cells[4].Trim('`'))),
    ];

    /// <summary>The names of types that the row claims.</summary>
    public IEnumerable<string> Types => Quoted(Where).Where(name => char.IsAsciiLetterUpper(name[0]));

    /// <summary>The rows of bench/spec that the row names: words with hyphens.</summary>
    public IEnumerable<string> BenchRows => Quoted(Where).Where(name => char.IsAsciiLetterLower(name[0]) && name.Contains('-') && name.All(c => c == '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));

    private static List<string> Quoted(string cell) => [.. InBackticks().Matches(cell).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();
}
