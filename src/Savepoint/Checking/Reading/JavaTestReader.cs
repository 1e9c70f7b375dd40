using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>Maven's surefire, whose last line of each module counts its tests, and gradle, which only speaks of failures. Both write JUnit XML, which says more.</summary>
internal sealed partial class JavaTestReader : ITestReader
{
    private readonly TestTally _tally = new();
    private string? _class;

    public TestReport? Report => _tally.Report("the output of the build");

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 10 or > 4096)
        {
            return;
        }

        if (line.IndexOf("Tests run: ", StringComparison.Ordinal) >= 0)
        {
            // That of a class has a time, and the names of its failures follow.
            _class = InClass().Match(line.ToString()) is { Success: true } inClass ? inClass.Groups[1].Value : null;
            if (Maven().Match(line.ToString()) is { Success: true } maven)
            {
                var (run, failed, skipped) = (Number(maven, "run"), Number(maven, "failures") + Number(maven, "errors"), Number(maven, "skipped"));
                _tally.Add(new TestCounts(Math.Max(0, run - failed - skipped), failed, skipped));
            }
        }
        else if (line.StartsWith("[ERROR] ", StringComparison.Ordinal) && line.IndexOf("<<< ", StringComparison.Ordinal) > 0)
        {
            if (MavenName().Match(line.ToString()) is { Success: true } name)
            {
                var holder = name.Groups["class"] is { Success: true } given ? given.Value : name.Groups["name"].Value.Contains('.', StringComparison.Ordinal) ? null : _class;
                _tally.Name(holder is null ? name.Groups["name"].Value : $"{holder}.{name.Groups["name"].Value}");
            }
        }
        else if (line.EndsWith(" FAILED", StringComparison.Ordinal) && line.IndexOf(" > ", StringComparison.Ordinal) > 0 && line[0] != '>')
        {
            _tally.Name(line[..^" FAILED".Length].Trim(' ').ToString());
        }
        else if (char.IsAsciiDigit(line[0]) && Gradle().Match(line.ToString()) is { Success: true } gradle)
        {
            var (all, failed, skipped) = (Number(gradle, "all"), Number(gradle, "failed"), Number(gradle, "skipped"));
            _tally.Add(new TestCounts(Math.Max(0, all - failed - skipped), failed, skipped));
        }
    }

    private static long Number(Match match, string name) => long.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^(?:\[\w+\] )?Tests run: (?<run>\d+), Failures: (?<failures>\d+), Errors: (?<errors>\d+), Skipped: (?<skipped>\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Maven();

    [GeneratedRegex(@"<<< (?:FAILURE|ERROR)! -+ in ([\w.$]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex InClass();

    // Of surefire 3: [ERROR] com.example.A.fails -- Time elapsed: …; of 2: [ERROR] fails  Time elapsed: … or fails(com.example.A)  Time elapsed: …
    [GeneratedRegex(@"^\[ERROR\] (?<name>.+?)(?:\((?<class>[\w$]+(?:\.[\w$]+)+)\))?(?: -- | +)Time elapsed: .*<<< (?:FAILURE|ERROR)!$", RegexOptions.CultureInvariant)]
    private static partial Regex MavenName();

    [GeneratedRegex(@"^(?<all>\d+) tests? completed(?:, (?<failed>\d+) failed)?(?:, (?<skipped>\d+) skipped)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Gradle();
}
