using System.Text.RegularExpressions;
using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Holds docs/complaints.md against the tests: each row names some that exist, or says that there is nothing to test yet.</summary>
public sealed partial class ComplaintMapTests
{
    [Fact]
    public void Every_complaint_names_tests_that_exist_or_says_not_yet()
    {
        var rows = Rows(Repository.Read("docs/complaints.md"));

        Assert.True(rows.Count >= 25);
        Assert.Empty(rows.SelectMany(Problems));
    }

    [Theory]
    [InlineData("| x#1 | lost | kept | |", "x#1: names no test")]
    [InlineData("| x#1 | lost | kept | `Nonesuch.Test` |", "x#1: no test Nonesuch.Test")]
    public void A_row_that_claims_too_much_is_found(string row, string problem)
    {
        Assert.Equal([problem], Rows(row).SelectMany(Problems));
    }

    private static List<string[]> Rows(string page) =>
        [.. page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('#')).Select(line => line.Trim()[1..^1].Split('|', StringSplitOptions.TrimEntries))];

    private static IEnumerable<string> Problems(string[] cells)
    {
        var tests = InBackticks().Matches(cells[3]).Select(match => match.Groups[1].Value).ToList();
        return tests.Count == 0
            ? cells[3].StartsWith("not yet", StringComparison.Ordinal) ? [] : [$"{cells[0]}: names no test"]
            : tests.Where(test => !SeedMapTests.Tests.Contains(test)).Select(test => $"{cells[0]}: no test {test}");
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();
}
