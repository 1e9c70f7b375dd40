using System.Globalization;
using System.Text.RegularExpressions;

namespace Savepoint.Checking.Reading;

/// <summary>Figures that stand in a line: of <c>go test -bench</c>, or plain: a name, a value and, if there is one, a unit.</summary>
internal sealed partial class FigureLinesReader(FigureTally tally) : ILineReader
{
    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 3 or > 1024)
        {
            return;
        }

        if (line.StartsWith("Benchmark", StringComparison.Ordinal) && Go().Match(line.ToString()) is { Success: true } go)
        {
            foreach (Match measured in GoValue().Matches(go.Groups["values"].Value))
            {
                var unit = measured.Groups["unit"].Value;
                var name = go.Groups["name"].Value;
                Add(unit == "ns/op" ? name : $"{name} {unit}", measured, unit);
            }
        }
        else if (Plain().Match(line.ToString()) is { Success: true } plain)
        {
            Add(plain.Groups["name"].Value, plain, plain.Groups["unit"].Value);
        }
    }

    private void Add(string name, Match match, string unit)
    {
        if (double.TryParse(match.Groups["value"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            tally.Add(name, value, unit);
        }
    }

    // BenchmarkParse/short-8   	 1000000	      1042 ns/op	     120 B/op	       3 allocs/op
    [GeneratedRegex(@"^(?<name>Benchmark\S*?)(?:-\d+)?\s+\d+\s+(?<values>\S+ \S+(?:\s+\S+ \S+)*)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Go();

    [GeneratedRegex(@"(?<value>[\d.eE+-]+) (?<unit>\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex GoValue();

    // parse 12.5 ms; startup-time: 3; and nothing else in the line
    [GeneratedRegex(@"^(?<name>[A-Za-z_][\w./:<>\[\](),-]*?):?[ \t]+(?<value>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:[ \t]*(?<unit>[A-Za-zµμ%/][\w/%µμ^]*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
