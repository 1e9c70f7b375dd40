using System.Globalization;
using System.Text.RegularExpressions;

namespace Savepoint.Checking.Reading;

/// <summary>
/// The Test Anything Protocol (testanything.org, versions 12 to 14), with subtests indented. A test that has subtests is not counted: they are.
/// </summary>
internal sealed partial class TapReader : ITestReader
{
    private const int MaxDepth = 64;

    private readonly TestTally _tally = new();

    // By depth: whether a test was seen below since the last one at that depth.
    private readonly bool[] _hasBelow = new bool[MaxDepth + 1];
    private bool _isTap;
    private bool _isBlock;

    public TestReport? Report => _isTap ? _tally.Report("TAP") : null;

    public void Read(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart(' ');
        if (_isBlock)
        {
            _isBlock = !text.SequenceEqual("...");
            return;
        }

        switch (text)
        {
            case ['-', '-', '-'] when _isTap && text.Length < line.Length:
                _isBlock = true; // YAML about the test before it
                break;
            case ['T', 'A', 'P', ' ', 'v', ..] or ['1', '.', '.', ..] when Begin().IsMatch(text):
                _isTap = true;
                break;
            case ['o', 'k', ' ', ..] or ['n', 'o', 't', ' ', 'o', 'k', ..] when text.Length < 8192 && !text.EndsWith(" {", StringComparison.Ordinal): // vitest: a file, its tests follow
                ReadTest(text.ToString(), Math.Min(MaxDepth, (line.Length - text.Length) / 4));
                break;
            case ['B', 'a', 'i', 'l', ' ', 'o', 'u', 't', '!', ..] when _isTap:
                _tally.Fail(text.ToString());
                break;
        }
    }

    private void ReadTest(string text, int depth)
    {
        var match = Test().Match(text);
        if (!match.Success)
        {
            return;
        }

        var hasBelow = _hasBelow[depth];
        Array.Fill(_hasBelow, false, depth, MaxDepth - depth);
        Array.Fill(_hasBelow, true, 0, depth);
        if (hasBelow)
        {
            return;
        }

        var directive = match.Groups["directive"].Value;
        if (directive.Length > 0)
        {
            _tally.Skip(); // SKIP; and TODO, whose failure is expected
        }
        else if (match.Groups["not"].Success)
        {
            var name = Time().Replace(match.Groups["name"].Value, "").Trim();
            _tally.Fail(name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"test {match.Groups["number"].Value}"));
        }
        else
        {
            _tally.Pass();
        }
    }

    [GeneratedRegex(@"^(?:TAP version \d+|1\.\.\d+(?: *#.*)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Begin();

    [GeneratedRegex(@" # time=[\d.]+ms$", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"^(?<not>not )?ok\b(?: (?<number>\d+))?(?: -)?(?<name>(?:[^#\\]|\\.|#(?! ?(?:SKIP|TODO)))*)(?:# ?(?<directive>SKIP|TODO)\S*.*)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Test();
}
