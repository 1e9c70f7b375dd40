using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>The runner of node (<c>node --test</c>) in its form <c>spec</c>: a tree of names with marks, and a summary. Its other form is TAP.</summary>
internal sealed partial class NodeTestReader : ITestReader
{
    private readonly TestTally _names = new();
    private readonly Dictionary<string, long> _summary = [];
    private bool _isListing;

    public TestReport? Report => !_summary.ContainsKey("pass") ? null : new TestReport(
        "the output of node --test",
        new TestCounts(Of("pass"), Of("fail") + Of("cancelled"), Of("skipped") + Of("todo")),
        Of("fail") + Of("cancelled") == 0 ? [] : _names.Names is { Count: > 0 } names ? names : null);

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 4 or > 4096)
        {
            return;
        }

        // ℹ pass 2; in TAP: # pass 2
        if (line[0] is '\u2139' or '#' && Count().Match(line.ToString()) is { Success: true } count)
        {
            _summary[count.Groups["what"].Value] = Of(count.Groups["what"].Value) + long.Parse(count.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        else if (line.StartsWith("\u2716 failing tests:", StringComparison.Ordinal))
        {
            _isListing = true; // all that failed, without what holds them
        }
        else if (_isListing && line[0] == '\u2716' && !line.EndsWith("# TODO", StringComparison.Ordinal) && Name().Match(line.ToString()) is { Success: true } name)
        {
            _names.Name(name.Groups["name"].Value);
        }
    }

    private long Of(string what) => _summary.GetValueOrDefault(what);

    [GeneratedRegex(@"^[\u2139#] (?<what>tests|pass|fail|cancelled|skipped|todo) (?<count>\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Count();

    [GeneratedRegex(@"^\u2716 (?<name>.*?)(?: \(\d+(?:\.\d+)?ms\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
