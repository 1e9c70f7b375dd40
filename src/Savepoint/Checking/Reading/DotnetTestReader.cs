using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>
/// <c>dotnet test</c>: VSTest's line for each program of tests, in whatever language, or its list of counts; Microsoft.Testing.Platform's list; and xunit's own runner.
/// </summary>
internal sealed partial class DotnetTestReader : ITestReader
{
    private readonly TestTally _vstest = new();
    private readonly TestTally _platform = new();
    private readonly TestTally _xunit = new();
    private readonly Dictionary<string, long> _list = [];

    public TestReport? Report => Complete(_platform).Report("the output of dotnet test") ?? _vstest.Report("the output of dotnet test") ?? _xunit.Report("the output of xunit");

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 6 or > 4096)
        {
            return;
        }

        if (line.EndsWith("]", StringComparison.Ordinal))
        {
            ReadName(line);
        }
        else if (line.StartsWith("failed ", StringComparison.Ordinal) && PlatformName().Match(line.ToString()) is { Success: true } failed)
        {
            _platform.Name(failed.Groups["name"].Value);
        }
        else if (line.IndexOf(".dll", StringComparison.Ordinal) > 0 || line.IndexOf(", ", StringComparison.Ordinal) > 0)
        {
            ReadSummary(line);
        }
        else if (line[0] is ' ' or 'T')
        {
            ReadList(line);
        }
    }

    private void ReadName(ReadOnlySpan<char> line)
    {
        if (line.EndsWith(" [FAIL]", StringComparison.Ordinal))
        {
            _xunit.Name(XunitTime().Replace(line[..^" [FAIL]".Length].Trim(' ').ToString(), ""));
        }
        else if (line.StartsWith("  ", StringComparison.Ordinal) && VSTestName().Match(line.ToString()) is { Success: true } failed)
        {
            _vstest.Name(failed.Groups["name"].Value);
        }
    }

    private void ReadSummary(ReadOnlySpan<char> line)
    {
        // Failed!  - Failed:     1, Passed:     2, Skipped:     1, Total:     4, Duration: 15 ms - T.dll (net8.0)
        if (line.IndexOf(".dll", StringComparison.Ordinal) > 0 && VSTestSummary().Match(line.ToString()) is { Success: true } summary)
        {
            var (failed, passed, skipped) = (Number(summary, "failed"), Number(summary, "passed"), Number(summary, "skipped"));
            if (failed + passed + skipped == Number(summary, "total"))
            {
                _vstest.Add(new TestCounts(passed, failed, skipped));
            }
        }
        else if (line.IndexOf("Total: ", StringComparison.Ordinal) > 0 && XunitSummary().Match(line.ToString()) is { Success: true } xunit)
        {
            var (total, failed, skipped) = (Number(xunit, "total"), Number(xunit, "failed") + Number(xunit, "errors"), Number(xunit, "skipped"));
            _xunit.Add(new TestCounts(Math.Max(0, total - Number(xunit, "failed") - skipped), failed, skipped));
        }
    }

    // VSTest, told to say more: "Total tests: 4", "     Passed: 2"; the platform: "  total: 4", "  failed: 1"
    private void ReadList(ReadOnlySpan<char> line)
    {
        if (Count().Match(line.ToString()) is not { Success: true } count)
        {
            return;
        }

        var (what, number) = (count.Groups["what"].Value, Number(count, "count"));
        switch (what)
        {
            case "total" or "failed" or "succeeded" or "skipped":
                _list[what] = number; // the last list is that of all
                break;
            case "Passed":
                _vstest.Pass(number);
                break;
            case "Failed":
                _vstest.Add(new TestCounts(0, number, 0));
                break;
            case "Skipped":
                _vstest.Skip(number);
                break;
        }
    }

    private TestTally Complete(TestTally named)
    {
        var whole = new TestTally();
        whole.Add(new TestCounts(_list.GetValueOrDefault("succeeded"), _list.GetValueOrDefault("failed"), _list.GetValueOrDefault("skipped")));
        foreach (var name in named.Names ?? [])
        {
            whole.Name(name);
        }

        return whole;
    }

    private static long Number(Match match, string name) => long.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^  (?:Failed|Fehler|Fehlerhaft|Échec|Échoué|Con error|Non superato|失敗|失败) (?<name>\S.*) \[(?:< )?\d[^\]]*\]$", RegexOptions.CultureInvariant)]
    private static partial Regex VSTestName();

    [GeneratedRegex(@"^failed (?<name>\S.*?) \((?:\d+h )?(?:\d+m )?(?:\d+s )?(?:\d+ms)?\)$", RegexOptions.CultureInvariant)]
    private static partial Regex PlatformName();

    // In any language: four numbers behind colons, in this order, then the duration and the program.
    [GeneratedRegex(@"^\S[^:]*?[-:：]\s*[^:,]+[:：]\s*(?<failed>\d+)\s*[,、，]\s*[^:,]+[:：]\s*(?<passed>\d+)\s*[,、，]\s*[^:,]+[:：]\s*(?<skipped>\d+)\s*[,、，]\s*[^:,]+[:：]\s*(?<total>\d+)\s*[,、，].*\.dll", RegexOptions.CultureInvariant)]
    private static partial Regex VSTestSummary();

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: (?<errors>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex XunitSummary();

    [GeneratedRegex(@"^ {2,}(?<what>total|failed|succeeded|skipped|Passed|Failed|Skipped): +(?<count>\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Count();

    [GeneratedRegex(@"^\[xUnit\.net [\d:.]+\]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex XunitTime();
}
