using Savepoint.Experiments;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Experiments;

/// <summary>Which failing tests keep an approach out.</summary>
public sealed class TestGateTests
{
    [Fact]
    public void Old_failures_are_no_news()
    {
        var decided = TestGate.Decide(Failing(8, "a", "b"), Failing(8, "a", "b"), 1);

        Assert.Equal((CheckOutcome.Passed, "2 of 10 tests failed, as at the base"), (decided.Test, decided.TestReason));
    }

    [Fact]
    public void A_newly_failing_test_keeps_it_out_though_fewer_fail()
    {
        var decided = TestGate.Decide(Failing(9, "c"), Failing(8, "a", "b"), 0.5);

        Assert.Equal(CheckOutcome.Failed, decided.Test);
        Assert.Equal(["c"], decided.NewlyFailing);
        Assert.Equal("1 of 10 tests failed; 1 newly failing: c", decided.TestReason);
    }

    [Fact]
    public void A_base_without_failures_makes_each_one_new()
    {
        var decided = TestGate.Decide(Failing(9, "a"), new ApproachResult("base", null) { Test = CheckOutcome.Passed, Tests = new TestCounts(10, 0, 0) }, 1);

        Assert.Equal(["a"], decided.NewlyFailing);
    }

    [Fact]
    public void Tests_that_are_not_run_any_more_do_not_pass()
    {
        var decided = TestGate.Decide(Failing(3, "a"), Failing(8, "a"), 0.5);

        Assert.Equal((CheckOutcome.Failed, "1 of 4 tests failed; only 4 of the base's 9 tests were run"), (decided.Test, decided.TestReason));
    }

    [Theory]
    [InlineData(2, CheckOutcome.Passed)]
    [InlineData(3, CheckOutcome.Failed)]
    public void Without_names_the_number_counts(int failed, CheckOutcome expected)
    {
        ApproachResult Nameless(int count) => new("one", "true") { Test = CheckOutcome.Failed, Tests = new TestCounts(10 - count, count, 0) };

        Assert.Equal(expected, TestGate.Decide(Nameless(failed), Nameless(2), 1).Test);
    }

    [Fact]
    public void Without_a_base_or_counts_it_stays_as_it_is()
    {
        var unread = new ApproachResult("one", "true") { Test = CheckOutcome.Failed, TestReason = "it ended with 1; the numbers of tests not readable" };

        Assert.Equal(unread, TestGate.Decide(unread, Failing(8, "a"), 1));
        Assert.Equal(CheckOutcome.Failed, TestGate.Decide(Failing(8, "a"), null, 0.5).Test);
    }

    private static ApproachResult Failing(int passed, params string[] failing) =>
        new("one", "true") { Test = CheckOutcome.Failed, Tests = new TestCounts(passed, failing.Length, 0), FailingTests = failing };
}
