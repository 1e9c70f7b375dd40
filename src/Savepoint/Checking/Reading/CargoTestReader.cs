using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>libtest, as <c>cargo test</c> runs it: a line a test, and a summary for each program of tests; and cargo-nextest's summary.</summary>
internal sealed partial class CargoTestReader : ITestReader
{
    private readonly TestTally _tally = new();

    public TestReport? Report => _tally.Report("the output of cargo test");

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length > 2048)
        {
            return;
        }

        if (line.StartsWith("test result: ", StringComparison.Ordinal))
        {
            Add(Result().Match(line.ToString()));
        }
        else if (line.StartsWith("test ", StringComparison.Ordinal) && line.EndsWith("... FAILED", StringComparison.Ordinal))
        {
            _tally.Name(line["test ".Length..^"... FAILED".Length].Trim().ToString());
        }
        else if (line.IndexOf(" tests run: ", StringComparison.Ordinal) > 0)
        {
            Add(NextestSummary().Match(line.ToString()));
        }
        else if (line.TrimStart().StartsWith("FAIL [", StringComparison.Ordinal))
        {
            var fail = NextestFail().Match(line.ToString());
            if (fail.Success)
            {
                _tally.Name(fail.Groups["name"].Value);
            }
        }
    }

    private void Add(Match match)
    {
        if (match.Success)
        {
            _tally.Add(new TestCounts(Number(match, "passed"), Number(match, "failed"), Number(match, "skipped")));
        }
    }

    private static long Number(Match match, string name) => long.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed; (?<skipped>\d+) ignored;", RegexOptions.CultureInvariant)]
    private static partial Regex Result();

    [GeneratedRegex(@"Summary \[.*\] \d+(?:/\d+)? tests? run: (?<passed>\d+) passed(?: \([^)]*\))?(?:, (?<failed>\d+) failed)?(?:, \d+ timed out)?(?:, (?<skipped>\d+) skipped)?", RegexOptions.CultureInvariant)]
    private static partial Regex NextestSummary();

    [GeneratedRegex(@"FAIL \[.*?\] (?:\(.*?\) )?(?<name>\S+ .*)$", RegexOptions.CultureInvariant)]
    private static partial Regex NextestFail();
}
