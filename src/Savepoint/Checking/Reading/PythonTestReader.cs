using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>pytest's short summary and last line, and unittest's. An expected failure counts as skipped, an error as failed.</summary>
internal sealed partial class PythonTestReader : ITestReader
{
    private readonly TestTally _tally = new();
    private long _ran = -1;

    public TestReport? Report => _tally.Report("the output of Python's tests");

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 2 or > 4096)
        {
            return;
        }

        if (line.StartsWith("FAILED ", StringComparison.Ordinal) || line.StartsWith("ERROR ", StringComparison.Ordinal))
        {
            ReadName(line[(line.IndexOf(' ') + 1)..].ToString());
        }
        else if (line.EndsWith("s", StringComparison.Ordinal) || line[^1] is '=' or ')')
        {
            ReadSummary(line.ToString());
        }

        ReadUnittest(line);
    }

    // FAILED tests/test_a.py::test_x[a b] - assert 1 == 2
    private void ReadName(string rest)
    {
        var end = rest.IndexOf(" - ", StringComparison.Ordinal);
        var name = end < 0 ? rest : rest[..end];
        if (name.Contains(".py", StringComparison.Ordinal))
        {
            _tally.Name(name);
        }
    }

    private void ReadSummary(string line)
    {
        var match = Summary().Match(line);
        if (!match.Success)
        {
            return;
        }

        foreach (Match part in Part().Matches(match.Groups["parts"].Value))
        {
            var count = long.Parse(part.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            _tally.Add(part.Groups["what"].Value switch
            {
                "passed" or "xpassed" => new TestCounts(count, 0, 0),
                "failed" or "error" or "errors" => new TestCounts(0, count, 0),
                "skipped" or "xfailed" => new TestCounts(0, 0, count),
                _ => new TestCounts(0, 0, 0), // warnings, deselected
            });
        }
    }

    // Ran 4 tests in 0.001s / FAILED (failures=1, errors=1, skipped=1)
    private void ReadUnittest(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("Ran ", StringComparison.Ordinal) && Ran().Match(line.ToString()) is { Success: true } ran)
        {
            _ran = long.Parse(ran.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        else if ((line.StartsWith("FAIL: ", StringComparison.Ordinal) || line.StartsWith("ERROR: ", StringComparison.Ordinal)) && line.EndsWith(")", StringComparison.Ordinal))
        {
            _tally.Name(line[(line.IndexOf(' ') + 1)..].ToString());
        }
        else if (_ran >= 0 && Ending().Match(line.ToString()) is { Success: true } ending)
        {
            var counts = Pair().Matches(ending.Value).ToDictionary(pair => pair.Groups[1].Value.Trim(), pair => long.Parse(pair.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
            var failed = counts.GetValueOrDefault("failures") + counts.GetValueOrDefault("errors") + counts.GetValueOrDefault("unexpected successes");
            var skipped = counts.GetValueOrDefault("skipped") + counts.GetValueOrDefault("expected failures");
            _tally.Add(new TestCounts(Math.Max(0, _ran - failed - skipped), failed, skipped));
            _ran = -1;
        }
    }

    [GeneratedRegex(@"^(?:=+ )?(?<parts>\d+ [a-z]+(?:, \d+ [a-z]+)*) in \d+\.\d+s(?: \([\d:]+\))?(?: =+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Summary();

    [GeneratedRegex(@"(?<count>\d+) (?<what>[a-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex(@"^Ran (\d+) tests? in ", RegexOptions.CultureInvariant)]
    private static partial Regex Ran();

    [GeneratedRegex(@"^(?:OK|FAILED)(?: \((?:[a-z ]+=\d+(?:, )?)+\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    [GeneratedRegex(@"([a-z ]+?)=(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
