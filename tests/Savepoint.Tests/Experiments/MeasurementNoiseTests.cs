using CsCheck;
using Savepoint.Experiments;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Experiments;

/// <summary>Medians, spreads, and what counts as a difference.</summary>
public sealed class MeasurementNoiseTests
{
    [Theory]
    [InlineData(new[] { 5.0 }, 5.0, 0.0)]
    [InlineData(new[] { 1.0, 2.0 }, 1.5, 0.5)]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0, 1.0)]
    [InlineData(new[] { 1.0, 2.0, 3.0, 4.0, 100.0 }, 3.0, 2.0)] // the one that is off counts for nothing
    public void A_median_and_the_range_of_the_middle_half(double[] samples, double median, double range)
    {
        var measurement = Of(samples);

        Assert.Equal(median, measurement.Median);
        Assert.Equal(range / 1.349, measurement.Spread, 12);
    }

    [Theory]
    [InlineData(new[] { 16470.0 }, "16470 ms")]
    [InlineData(new[] { 68.163, 68.163 }, "68.16 ms")]
    [InlineData(new[] { 0.0 }, "0 ms")]
    [InlineData(new[] { 0.00123456 }, "0.001235 ms")]
    [InlineData(new[] { 1e-9 }, "1E-09 ms")]
    [InlineData(new[] { -2415.6 }, "-2416 ms")]
    [InlineData(new[] { 2000.0, 2400, 2800 }, "2400 ms (±297 of 3)")]
    [InlineData(new[] { 1.0, 1.1, 1.2 }, "1.1 ms (±0.074 of 3)")]
    public void Numbers_have_the_digits_that_mean_something(double[] samples, string text) => Assert.Equal(text, Of(samples).ToString());

    [Fact]
    public void A_quarter_of_the_measurements_may_be_off_by_any_amount()
    {
        Gen.Select(Gen.Double[90, 110].Array[9, 31], Gen.Double[1e3, 1e9]).Sample((samples, off) =>
        {
            var spoiled = samples.Select((sample, i) => i < (samples.Length - 1) / 4 ? off : sample).ToArray();

            Assert.InRange(Of(spoiled).Median, 90, 110);
            Assert.InRange(Of(spoiled).Spread, 0, 20 / 1.349);
        });
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(9, false)]
    [InlineData(20, false)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    [InlineData(20, true)]
    public void Of_equals_at_most_one_pair_in_twenty_passes_for_different(int count, bool isLongTailed)
    {
        const int Pairs = 4000;
        var random = new Random(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double LongTailed() => -Math.Log(1 - random.NextDouble()) + (random.NextDouble() < 0.1 ? 7 : 0); // as the times of processes on a busy machine
        Measurement Sample() => Of([.. Enumerable.Range(0, count).Select(_ => 100 + (3 * (isLongTailed ? LongTailed() : Normal())))]);

        var different = 0;
        for (var i = 0; i < Pairs; i++)
        {
            var (one, other) = (Sample(), Sample());
            var noise = Math.Sqrt(Math.Pow(MeasurementNoise.Share(one), 2) + Math.Pow(MeasurementNoise.Share(other), 2));
            different += Math.Abs(Math.Log(one.Median / other.Median)) > noise ? 1 : 0;
        }

        Assert.InRange(different, 0, Pairs * 0.055);
    }

    [Fact]
    public void What_never_varies_has_no_noise()
    {
        Assert.Equal(0, MeasurementNoise.Share(Of([7, 7])));
        Assert.Equal(0, MeasurementNoise.Share(new Measurement(Measurement.ChangedLines, "lines", MetricDirection.Minimize, [7])));
        Assert.True(MeasurementNoise.Share(Of([7])) > 0.04); // once is no knowledge
    }

    [Fact]
    public void Rounds_go_on_until_the_noise_is_small()
    {
        var plan = new RoundPlan(minRoundCount: 3, maxRoundCount: 20, precision: 0.02);
        var second = TimeSpan.FromSeconds(1);
        bool Needs(int rounds, params double[][] samples) => plan.NeedsAnother(rounds, rounds * second, 1000 * second, [.. samples.Select(Of)]);

        Assert.True(Needs(0));
        Assert.True(Needs(1, [100]));
        Assert.False(Needs(2, [100, 100])); // it is counted, not measured
        Assert.True(Needs(2, [100, 100.1]));
        Assert.False(Needs(3, [100, 100.1, 100.2]));
        Assert.True(Needs(3, [100, 100.1, 100.2], [100, 130, 160])); // one that varies keeps all of them
        Assert.False(Needs(20, [.. Enumerable.Range(0, 20).Select(i => 100.0 + (20 * i))]));
    }

    [Fact]
    public void No_round_is_begun_that_would_end_after_the_budget()
    {
        var plan = new RoundPlan(minRoundCount: 3, maxRoundCount: 20, precision: 0.02);

        Assert.True(plan.NeedsAnother(0, TimeSpan.Zero, TimeSpan.Zero, []));
        Assert.True(plan.NeedsAnother(2, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30), [Of([1, 2])]));
        Assert.False(plan.NeedsAnother(2, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(29), [Of([1, 2])]));
    }

    [Fact]
    public void Each_round_begins_with_another_contender()
    {
        Assert.Equal(["abc", "bca", "cab", "abc"], Enumerable.Range(0, 4).Select(round => string.Concat(RoundPlan.Order(["a", "b", "c"], round))));
    }

    private static Measurement Of(double[] samples) => new("time", "ms", MetricDirection.Minimize, samples);
}
