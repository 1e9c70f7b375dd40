using CsCheck;
using Savepoint.Experiments;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Experiments;

/// <summary>The order of approaches, and the words for it.</summary>
public sealed class RankingTests
{
    private static readonly Dictionary<string, double> NoWeights = [];

    [Fact]
    public void Who_fails_a_gate_stands_behind_all_who_passed_and_it_says_which()
    {
        var ranked = Rank(
            Approach("broken", 1) with { Build = CheckOutcome.Failed, BuildReason = "1 error: a.c:3: no ';'" },
            Approach("failing", 1) with { Build = CheckOutcome.Passed, Test = CheckOutcome.Failed, TestReason = "1 of 3 tests failed" },
            Approach("dead", 1) with { ExitCode = 137 },
            Approach("good", 100) with { Build = CheckOutcome.Passed, Test = CheckOutcome.Passed });

        Assert.Equal(["good", "failing", "broken", "dead"], ranked.Select(one => one.Name));
        Assert.Equal([1, 2, 2, 2], ranked.Select(one => one.Rank));
        Assert.Equal([true, false, false, false], ranked.Select(one => one.IsEligible));
        Assert.Equal("its tests fail: 1 of 3 tests failed", Assert.Single(ranked[1].Reasons));
        Assert.Equal("it does not build: 1 error: a.c:3: no ';'", Assert.Single(ranked[2].Reasons));
        Assert.Equal("its command ended with 137", Assert.Single(ranked[3].Reasons));
    }

    [Fact]
    public void A_build_of_which_nothing_is_known_has_not_passed()
    {
        var ranked = Rank(Approach("late", 1) with { Build = CheckOutcome.Unknown, BuildReason = "its time was up after 5 s" });

        Assert.False(ranked[0].IsEligible);
        Assert.Equal("nobody knows whether it builds: its time was up after 5 s", Assert.Single(ranked[0].Reasons));
    }

    [Fact]
    public void The_faster_one_is_better_and_the_reason_says_by_how_much()
    {
        var ranked = Rank(Approach("slow", 200, 201, 202), Approach("fast", 100, 101, 102));

        Assert.Equal([("fast", 1), ("slow", 2)], ranked.Select(one => (one.Name, one.Rank)));
        Assert.Contains("time: 101 ms (±0.74 of 3), the best", ranked[0].Reasons);
        Assert.Contains("time: 201 ms (±0.74 of 3), 1.99 × the best", ranked[1].Reasons);
    }

    [Fact]
    public void More_of_a_metric_that_is_to_be_high_is_better()
    {
        var ranked = Rank(Throughput("few", 10), Throughput("many", 90));

        Assert.Equal(["many", "few"], ranked.Select(one => one.Name));
    }

    [Fact]
    public void Complexity_counts_as_far_as_it_is_given_weight_and_is_said()
    {
        ApproachResult[] approaches = [Approach("knotty", 100, 101, 102), Approach("plain", 110, 111, 112)];
        approaches = [.. approaches.Select((one, i) => one with { Metrics = [.. one.Metrics, new Measurement(Measurement.Complexity, "", MetricDirection.Minimize, [i == 0 ? 30 : 10])] })];

        var unweighted = Ranking.Evaluate(approaches, null, NoWeights);
        var weighted = Ranking.Evaluate(approaches, null, new Dictionary<string, double> { [Measurement.Complexity] = 0.5 });

        Assert.Equal(["knotty", "plain"], unweighted.Select(one => one.Name));
        Assert.DoesNotContain(unweighted.SelectMany(one => one.Reasons), reason => reason.Contains("complexity", StringComparison.Ordinal));
        Assert.Equal(["plain", "knotty"], weighted.Select(one => one.Name)); // 0.10 for the time against 0.55 for the complexity
        Assert.Contains("complexity of the functions that were changed: 10, the best", weighted[0].Reasons);
        Assert.Contains("complexity of the functions that were changed: 30, 3.00 × the best", weighted[1].Reasons);
    }

    [Fact]
    public void Where_only_complexity_counts_that_is_what_is_said()
    {
        static ApproachResult Of(string name, int complexity) => Approach(name) with { Metrics = [Lines(2), new Measurement(Measurement.Complexity, "", MetricDirection.Minimize, [complexity])] };
        var weights = new Dictionary<string, double> { [Measurement.Complexity] = 1 };

        var ranked = Ranking.Evaluate([Of("knotty", 3), Of("plain", 1), Of("plainer", 1)], null, weights);

        Assert.Equal([("plain", 1), ("plainer", 1), ("knotty", 3)], ranked.Select(one => (one.Name, one.Rank)));
        Assert.Equal(["tied with 'plainer': complexity is the same; named first because it was given first", "complexity of the functions that were changed: 1, the best"], ranked[0].Reasons);
        Assert.Equal(["complexity of the functions that were changed: 3, 3.00 × the best"], ranked[2].Reasons);
    }

    [Fact]
    public void A_difference_within_the_noise_is_a_tie_and_said_to_be_one()
    {
        var ranked = Rank(Approach("large", 100, 120, 140) with { Metrics = [Time(100, 120, 140), Lines(50)] }, Approach("small") with { Metrics = [Time(104, 121, 138), Lines(2)] });

        Assert.Equal([("small", 1), ("large", 1)], ranked.Select(one => (one.Name, one.Rank)));
        Assert.Matches(@"^tied with 'large': what was measured \(time\) differs by no more than its noise, \d+\.\d %; named first because it changes fewest lines \(2\)$", ranked[0].Reasons[0]);
        Assert.StartsWith("tied with 'small'", ranked[1].Reasons[0]);
    }

    [Fact]
    public void Equals_in_all_things_stay_in_the_order_in_which_they_were_given()
    {
        var ranked = Rank(Approach("b", 10, 10), Approach("a", 10, 10), Approach("c", 10, 10));

        Assert.Equal([("b", 1), ("a", 1), ("c", 1)], ranked.Select(one => (one.Name, one.Rank)));
        Assert.Contains("tied with 'a', 'c': time is the same; named first because it was given first", ranked[0].Reasons[0]);
    }

    [Fact]
    public void Without_measurements_the_smaller_change_is_better()
    {
        var ranked = Rank(Approach("large") with { Metrics = [Lines(50)] }, Approach("small") with { Metrics = [Lines(2)] });

        Assert.Equal([("small", 1), ("large", 2)], ranked.Select(one => (one.Name, one.Rank)));
        Assert.Contains("nothing was measured, so the smaller change counts", ranked[0].Reasons);
    }

    [Fact]
    public void Weights_decide_between_metrics()
    {
        ApproachResult[] approaches =
        [
            Approach("fast") with { Metrics = [Time(10, 10), Size(400, 400)] },
            Approach("small") with { Metrics = [Time(20, 20), Size(100, 100)] },
        ];

        Assert.Equal("small", Ranking.Evaluate(approaches, null, NoWeights)[0].Name); // twice as slow, a quarter of the size
        Assert.Equal("fast", Ranking.Evaluate(approaches, null, new Dictionary<string, double> { ["time"] = 3 })[0].Name);
        Assert.Equal("fast", Ranking.Evaluate(approaches, null, new Dictionary<string, double> { ["size"] = 0 })[0].Name);
    }

    [Fact]
    public void What_could_not_be_measured_stands_behind_what_could()
    {
        var ranked = Rank(Approach("mute") with { Unmeasured = ["time: no number in what its command wrote"] }, Approach("slow", 900, 901));

        Assert.Equal([("slow", 1), ("mute", 2)], ranked.Select(one => (one.Name, one.Rank)));
        Assert.Contains("time: no number in what its command wrote", ranked[1].Reasons);
    }

    [Fact]
    public void The_base_is_compared_with()
    {
        var ranked = Ranking.Evaluate([Approach("worse", 200, 200)], Approach("base", 100, 100), NoWeights);

        Assert.Contains("time: 200 ms; 2.00 × the base", ranked[0].Reasons);
    }

    [Fact]
    public void A_zero_and_a_sign_are_compared_too()
    {
        var ranked = Rank(Approach("none") with { Metrics = [Size(0, 0)] }, Approach("some") with { Metrics = [Size(5, 5)] }, Approach("less") with { Metrics = [Size(-5, -5)] });

        Assert.Equal(["less", "none", "some"], ranked.Select(one => one.Name));
        Assert.Equal([1, 2, 3], ranked.Select(one => one.Rank));
    }

    [Fact]
    public void Of_two_equal_ones_the_others_are_held_against_the_one_that_is_known_better()
    {
        ApproachResult[] approaches = [Approach("noisy", 60, 79, 130), Approach("exact", 79), Approach("slower", 95, 95.1)];

        Assert.Equal([("exact", 1), ("noisy", 1), ("slower", 3)], Rank(approaches).Select(one => (one.Name, one.Rank)).Order());
        Assert.Equal([("exact", 1), ("noisy", 1), ("slower", 3)], Rank([.. approaches.Reverse()]).Select(one => (one.Name, one.Rank)).Order());
    }

    [Fact]
    public void The_order_in_which_they_are_given_changes_no_place()
    {
        var approach = Gen.Select(Gen.Int[1, 4], Gen.Double[50, 150].Array[1, 6], Gen.Int[0, 60]);
        approach.Array[1, 6].Sample(drawn =>
        {
            var approaches = drawn.Select((one, i) => Approach($"a{i}") with
            {
                ExitCode = one.Item1 == 1 ? 1 : 0,
                Metrics = [Time(one.Item2), Lines((one.Item3 * 10) + i)],
            }).ToArray();

            var ranked = Rank(approaches);
            var turned = Rank([.. approaches.Reverse()]);

            Assert.Equal(approaches.Select(one => one.Name).Order(), ranked.Select(one => one.Name).Order());
            Assert.Equal(ranked.Select(one => (one.Name, one.Rank)).Order(), turned.Select(one => (one.Name, one.Rank)).Order());
            Assert.All(ranked, one => Assert.NotEmpty(one.Reasons));
            Assert.Equal(ranked.Select(one => one.Rank), ranked.Select(one => one.Rank).Order());
            Assert.Equal(1, ranked[0].Rank);
        });
    }

    private static IReadOnlyList<ApproachResult> Rank(params ApproachResult[] approaches) => Ranking.Evaluate(approaches, null, NoWeights);

    private static ApproachResult Approach(string name, params double[] milliseconds) =>
        new(name, "true") { ExitCode = 0, Metrics = milliseconds.Length == 0 ? [] : [Time(milliseconds)] };

    private static ApproachResult Throughput(string name, double value) =>
        Approach(name) with { Metrics = [new Measurement("rate", "ops/s", MetricDirection.Maximize, [value, value])] };

    private static Measurement Time(params double[] samples) => new("time", "ms", MetricDirection.Minimize, samples);

    private static Measurement Size(params double[] samples) => new("size", "", MetricDirection.Minimize, samples);

    private static Measurement Lines(int count) => new(Measurement.ChangedLines, "lines", MetricDirection.Minimize, [count]);
}
