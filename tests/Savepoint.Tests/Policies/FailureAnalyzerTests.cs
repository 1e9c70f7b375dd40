using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

public sealed class FailureAnalyzerTests
{
    private static readonly ContentId Content = ContentId.Of("x"u8);

    [Fact]
    public void Who_changed_the_file_with_the_error_is_suspected_first()
    {
        var analysis = FailureAnalyzer.Analyze(new(4), [("/w/src/calc.c", "src/calc.c: error expected ';'")], [], [Snapshot(5, "src/calc.c"), Snapshot(6, "readme.md")]);

        Assert.Equal([5, 6], analysis.Suspects.Select(suspect => suspect.Snapshot.Value));
        Assert.Contains("snapshot 5 (claude, turn t5): it changed src/calc.c, where the error is", analysis.Text, StringComparison.Ordinal);
        Assert.Equal(["src/calc.c: error expected ';'"], analysis.Failing);
    }

    [Theory]
    [InlineData("App.Tests.CalcTests.Adds")]
    [InlineData("tests/test_calc.py::test_adds")]
    [InlineData("calc.test.js > adds")]
    public void Who_changed_what_a_test_is_named_after_is_suspected_first(string test)
    {
        var analysis = FailureAnalyzer.Analyze(new(4), [], [test], [Snapshot(5, "src/Calc.cs"), Snapshot(6, "src/other.cs")]);

        Assert.Equal(new SnapshotNumber(5), analysis.Suspects[0].Snapshot);
        Assert.Contains("named after", analysis.Suspects[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_points_anywhere_the_newest_is_first()
    {
        var analysis = FailureAnalyzer.Analyze(new(4), [], ["whole"], [Snapshot(5, "a"), Snapshot(7, "c"), Snapshot(6, "b")]);

        Assert.Equal([7, 6, 5], analysis.Suspects.Select(suspect => suspect.Snapshot.Value));
    }

    [Fact]
    public void Where_nothing_was_recorded_it_says_that_the_cause_lies_elsewhere() =>
        Assert.Contains("outside the workspace", FailureAnalyzer.Analyze(new(4), [], ["t"], []).Text, StringComparison.Ordinal);

    private static Snapshot Snapshot(long number, string path) => new()
    {
        Number = new(number),
        Branch = "main",
        Kind = SnapshotKind.Operation,
        Time = DateTimeOffset.UnixEpoch,
        Actor = new Actor("claude", null, $"t{number}"),
        Changes = [new FileChange(WorkspacePath.Parse(path), FileState.None, new FileState.Regular(new UnixMode(0b110_100_100), Content, 1))],
    };
}
