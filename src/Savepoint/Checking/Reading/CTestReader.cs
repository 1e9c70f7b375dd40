using System.Text.RegularExpressions;

namespace Savepoint.Checking.Reading;

/// <summary><c>ctest</c>: a line a test.</summary>
internal sealed partial class CTestReader : ITestReader
{
    private readonly TestTally _tally = new();

    public TestReport? Report => _tally.Report("the output of ctest");

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.Length is < 16 or > 4096 || line.IndexOf(" Test ", StringComparison.Ordinal) < 0 || Test().Match(line.ToString()) is not { Success: true } test)
        {
            return;
        }

        switch (test.Groups["result"].Value)
        {
            case "Passed":
                _tally.Pass();
                break;
            case "***Skipped" or "***Not Run (Disabled)":
                _tally.Skip();
                break;
            default:
                _tally.Fail(test.Groups["name"].Value);
                break;
        }
    }

    // 2/4 Test #2: name .....................***Failed    0.01 sec
    [GeneratedRegex(@"^\s*\d+/\d+ Test +#\d+: (?<name>.+?) \.*\s*(?<result>Passed|\*\*\*(?:Not Run \(Disabled\)|[A-Z][\w ]*?))(?:\s.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Test();
}
