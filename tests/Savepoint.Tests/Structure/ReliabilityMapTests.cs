using System.Text.RegularExpressions;
using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Holds docs/reliability.md against the tests: each promise names some that exist, or says "the same" as the one above.</summary>
public sealed partial class ReliabilityMapTests
{
    [Fact]
    public void Every_promise_names_tests_that_exist()
    {
        var rows = Rows(Repository.Read("docs/reliability.md"));

        Assert.True(rows.Count >= 14);
        Assert.Empty(rows.SelectMany(Problems));
    }

    [Theory]
    [InlineData("| nothing is lost | |", "nothing is lost: names no test")]
    [InlineData("| nothing is lost | `Nonesuch.Test` |", "nothing is lost: no test Nonesuch.Test")]
    public void A_promise_that_nothing_holds_is_found(string row, string problem)
    {
        Assert.Equal([problem], Rows(row).SelectMany(Problems));
    }

    private static List<string[]> Rows(string page) =>
        [.. page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| promise", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal))
            .Select(line => line.Trim()[1..^1].Split('|', StringSplitOptions.TrimEntries))];

    private static IEnumerable<string> Problems(string[] cells)
    {
        var tests = InBackticks().Matches(cells[1]).Select(match => match.Groups[1].Value).ToList();
        return tests.Count == 0
            ? cells[1].StartsWith("the same", StringComparison.Ordinal) ? [] : [$"{cells[0]}: names no test"]
            : tests.Where(test => !SeedMapTests.Tests.Contains(test)).Select(test => $"{cells[0]}: no test {test}");
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();
}
