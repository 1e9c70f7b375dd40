using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

public sealed class BaselinesTests
{
    [Fact]
    public void Failures_that_creep_are_all_newly_failing()
    {
        var (tests, good) = Baselines.Tests(Tested(4, "a", "b", "c"), [Tested(3, "a", "b"), Tested(2, "a"), Tested(1)], 0.3);

        Assert.Equal(["a", "b", "c"], tests!.NewlyFailing);
        Assert.Equal(10, tests.PassedAtBaseline);
        Assert.Equal([new SnapshotNumber(3), new SnapshotNumber(2), new SnapshotNumber(1)], good);
    }

    [Theory]
    [InlineData("a", "b", "c", "d", 2)]
    [InlineData("d", "e", "f", "x", 3)]
    [InlineData("x", "x", "x", "x", 3)]
    public void Worth_going_back_to_is_what_nothing_tripped_at_and_where_clearly_fewer_failed(string one, string two, string three, string four, long newest)
    {
        string[] failing = [.. new[] { one, two, three, four }.Distinct()];
        CheckedState[] earlier = [Tested(4, "a", "b") with { IsTripped = true }, Tested(3, "a", "b", "c", "d"), Tested(2, "a"), Tested(1)];

        Assert.Equal(newest, Baselines.Tests(Tested(5, failing), earlier, 0.3).Better[0].Value);
    }

    [Fact]
    public void Where_tests_are_gone_what_ran_them_is_worth_going_back_to()
    {
        var gone = Tested(3, "a") with { Tests = new TestCounts(0, 1, 0) };

        Assert.Equal([new SnapshotNumber(2), new SnapshotNumber(1)], Baselines.Tests(gone, [Tested(2, "a"), Tested(1, "a")], 0.3).Better);
    }

    [Fact]
    public void The_first_run_is_the_baseline_with_the_failures_that_it_has()
    {
        var (tests, good) = Baselines.Tests(Tested(3, "old", "new"), [Tested(2, "old"), Tested(1, "old")], 0.3);

        Assert.Equal(["new"], tests!.NewlyFailing);
        Assert.Equal(9, tests.PassedAtBaseline);
        Assert.Equal([new SnapshotNumber(2), new SnapshotNumber(1)], good);
    }

    [Fact]
    public void Without_names_the_numbers_are_compared()
    {
        var before = Tested(1) with { Failing = null };

        Assert.Equal(2, Baselines.Tests(Tested(2, "a", "b"), [before], 0.3).Tests!.NewlyFailing.Count);
    }

    [Fact]
    public void A_run_that_could_not_be_counted_compares_with_nothing()
    {
        var (tests, good) = Baselines.Tests(Tested(3) with { Tests = null, Failing = null, IsTestPassed = false }, [Tested(2, "x"), Tested(1)], 0.3);

        Assert.False(tests!.IsCounted);
        Assert.Equal([new SnapshotNumber(1)], good);
    }

    [Fact]
    public void Slowness_that_creeps_is_compared_with_the_fastest()
    {
        var (benchmarks, good) = Baselines.Benchmarks(Measured(4, 140), [Measured(3, 125), Measured(2, 108), Measured(1, 100)], 0.2);

        Assert.Equal(0.4, Assert.Single(benchmarks).Slowdown, 6);
        Assert.Equal([new SnapshotNumber(2), new SnapshotNumber(1)], good);
    }

    [Fact]
    public void What_a_state_brought_is_measured_from_the_newest_that_was_not_too_slow()
    {
        CheckedState[] earlier = [Measured(5, 125), Measured(4, 119) with { IsTripped = true }, Measured(3, 118), Measured(2, 104), Measured(1, 100)];

        var (benchmarks, good) = Baselines.Benchmarks(Measured(6, 127, spread: 1), [.. earlier.Select(state => Repeated(state, 1))], 0.2);

        // 125 was too slow for the baseline, but nothing was to blame; 119 was rolled back from.
        var step = Assert.Single(benchmarks).Step!;
        Assert.Equal((new SnapshotNumber(3), false), (step.Before, step.IsBeside));
        Assert.Equal((127.0 / 118) - 1, step.Slowdown, 6);
        Assert.Equal([new SnapshotNumber(3), new SnapshotNumber(2), new SnapshotNumber(1)], good);
    }

    [Fact]
    public void The_newest_figures_of_a_state_are_the_ones_that_count()
    {
        var (_, good) = Baselines.Benchmarks(Measured(3, 150), [Measured(2, 150), Measured(2, 101), Measured(1, 100)], 0.2);

        Assert.Equal([new SnapshotNumber(1)], good);
    }

    [Fact]
    public void A_machine_that_became_slower_makes_its_baselines_slower()
    {
        var beside = new BesideMeasurement(new(2), [new Figure("parse", 165, "ms") { Spread = 3 }], [new Figure("parse", 170, "ms") { Spread = 3 }]);

        var (benchmarks, _) = Baselines.Benchmarks(Measured(3, 168), [Measured(2, 110), Measured(1, 100)], 0.2, beside);

        var signal = Assert.Single(benchmarks);
        Assert.Equal((170, 150), (signal.Median, signal.BaselineMedian));
        Assert.Equal((true, (170.0 / 165) - 1), (signal.Step!.IsBeside, signal.Step.Slowdown));
    }

    [Fact]
    public void A_state_that_tripped_does_not_become_the_baseline_once_it_is_the_oldest_that_is_looked_at()
    {
        var broken = Tested(1, "a", "b", "c", "d") with { IsTripped = true, Figures = [new Figure("parse", 9, "ms")] };
        CheckedState[] earlier = [Tested(2) with { Figures = [new Figure("parse", 100, "ms")] }, broken];

        Assert.Equal(["a"], Baselines.Tests(Tested(3, "a"), earlier, 0.3).Tests!.NewlyFailing);
        Assert.Equal(100, Assert.Single(Baselines.Benchmarks(Measured(3, 100), earlier, 0.2).Benchmarks).BaselineMedian);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(0, false)]
    public void What_is_broken_and_fast_is_no_baseline_and_no_target(int failed, bool isCounted)
    {
        CheckedState[] earlier = [Measured(3, 101), Measured(2, 8) with { IsTestPassed = false, Tests = isCounted ? new TestCounts(0, failed, 0) : null, IsPassed = false }, Measured(1, 100) with { IsTestPassed = true, Tests = new TestCounts(10, 0, 0) }];

        var (benchmarks, good) = Baselines.Benchmarks(Measured(4, 150), earlier, 0.2);

        Assert.Equal(0.5, Assert.Single(benchmarks).Slowdown, 6);
        Assert.Equal([new SnapshotNumber(3), new SnapshotNumber(1)], good);
    }

    [Fact]
    public void What_always_failed_does_not_keep_a_state_from_being_the_baseline()
    {
        CheckedState[] earlier = [Tested(2, "old") with { Figures = [new Figure("parse", 90, "ms")] }, Tested(1, "old") with { Figures = [new Figure("parse", 100, "ms")] }];

        Assert.Equal(90, Assert.Single(Baselines.Benchmarks(Measured(3, 100), earlier, 0.2).Benchmarks).BaselineMedian);
    }

    [Fact]
    public void Of_a_rate_the_highest_is_the_fastest()
    {
        var (benchmarks, _) = Baselines.Benchmarks(Measured(3, 50, "ops/s"), [Measured(2, 100, "ops/s"), Measured(1, 60, "ops/s")], 0.2);

        Assert.Equal(1.0, Assert.Single(benchmarks).Slowdown, 6);
    }

    [Fact]
    public void Another_unit_is_another_benchmark() => Assert.Empty(Baselines.Benchmarks(Measured(2, 5, "ms"), [Measured(1, 5, "s")], 0.2).Benchmarks);

    private static CheckedState Tested(long snapshot, params string[] failing) =>
        new(new(snapshot), BuildResult.Passed, failing.Length == 0, new TestCounts(10 - failing.Length, failing.Length, 0), failing, [], failing.Length == 0);

    private static CheckedState Measured(long snapshot, double value, string unit = "ms", double? spread = null) =>
        new(new(snapshot), BuildResult.Passed, null, null, null, [new Figure("parse", value, unit) { Spread = spread }], true);

    private static CheckedState Repeated(CheckedState state, double spread) => state with { Figures = [.. state.Figures.Select(figure => figure with { Spread = spread })] };
}
