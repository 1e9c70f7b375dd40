using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>The closing summaries of jest, vitest and mocha, and the names that they give to what failed.</summary>
internal sealed partial class JavaScriptTestReader : ITestReader
{
    private readonly TestTally _tally = new();
    private readonly List<string> _title = [];
    private string? _runner;
    private string? _file;
    private bool _isMochaList;

    public TestReport? Report => _runner is null ? null : _tally.Report($"the output of {_runner}");

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 4 or > 4096)
        {
            return;
        }

        var text = line.Trim(' ');
        if (text.StartsWith("Tests", StringComparison.Ordinal))
        {
            ReadSummary(text.ToString());
        }
        else if (text.StartsWith("FAIL ", StringComparison.Ordinal))
        {
            ReadFail(text[5..].Trim(' ').ToString());
        }
        else if (line.StartsWith("  \u25cf ", StringComparison.Ordinal))
        {
            ReadJestName(line[4..].Trim(' ').ToString());
        }
        else
        {
            ReadMocha(line, text);
        }
    }

    // Jest:   Tests:       1 failed, 1 skipped, 2 passed, 4 total
    // Vitest:       Tests  1 failed | 2 passed | 1 skipped (4)
    private void ReadSummary(string text)
    {
        var match = Summary().Match(text);
        if (!match.Success)
        {
            return;
        }

        _runner = text.Contains(" total", StringComparison.Ordinal) ? "jest" : "vitest";
        foreach (Match part in Part().Matches(match.Groups["parts"].Value))
        {
            Add(part.Groups["what"].Value, Number(part));
        }
    }

    private void Add(string what, long count) => _tally.Add(what switch
    {
        "passed" or "passing" => new TestCounts(count, 0, 0),
        "failed" or "failing" => new TestCounts(0, count, 0),
        "skipped" or "todo" or "pending" => new TestCounts(0, 0, count),
        _ => new TestCounts(0, 0, 0),
    });

    // Jest names a file, vitest the test in it:  FAIL  a.test.ts > suite > name
    private void ReadFail(string text)
    {
        if (text.Contains(" > ", StringComparison.Ordinal))
        {
            _tally.Name(text);
        }
        else
        {
            _file = text;
        }
    }

    //   ● suite › name
    private void ReadJestName(string text)
    {
        if (text == "Test suite failed to run")
        {
            _tally.Name(_file ?? text);
        }
        else if (text != "Console" && !text.StartsWith("Console ", StringComparison.Ordinal))
        {
            _tally.Name(text);
        }
    }

    // Mocha:   2 passing (5ms), then a list of what failed, each title over several lines that ends with a colon.
    private void ReadMocha(ReadOnlySpan<char> line, ReadOnlySpan<char> text)
    {
        if (char.IsAsciiDigit(text.Length > 0 ? text[0] : ' ') && line[0] == ' ')
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits > 0 && MochaCount().Match(text.ToString()) is { Success: true } count)
            {
                _runner = "mocha";
                Add(count.Groups["what"].Value, Number(count));
                _isMochaList = count.Groups["what"].Value == "failing";
                return;
            }

            if (_isMochaList && digits > 0 && text[digits..].StartsWith(") ", StringComparison.Ordinal))
            {
                _title.Clear();
                AddTitle(text[(digits + 2)..]);
                return;
            }
        }

        if (_isMochaList && _title.Count > 0)
        {
            AddTitle(text);
        }
    }

    private void AddTitle(ReadOnlySpan<char> text)
    {
        var isLast = text.EndsWith(":", StringComparison.Ordinal);
        _title.Add((isLast ? text[..^1] : text).ToString());
        if (isLast || _title.Count > 20)
        {
            _tally.Name(string.Join(' ', _title));
            _title.Clear();
        }
    }

    private static long Number(Match match) => long.TryParse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^Tests:?\s+(?<parts>\d+ (?:passed|failed|skipped|todo)(?:(?:, | \| )\d+ \w+)*)(?: \(\d+\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Summary();

    [GeneratedRegex(@"(?<count>\d+) (?<what>\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex(@"^(?<count>\d+) (?<what>passing|failing|pending)(?: \(\d+(?:\.\d+)?(?:ms|s|m|h)\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex MochaCount();
}
