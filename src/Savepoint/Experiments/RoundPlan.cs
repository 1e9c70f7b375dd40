using Savepoint.Model;

namespace Savepoint.Experiments;

/// <summary>
/// When enough was measured, and in which order. Everything is measured in rounds, each contender once a round, so that a machine that
/// grows slower meanwhile grows slower for all; each round begins with another one. Pure.
/// </summary>
/// <param name="minRoundCount">So many rounds at least, unless nothing ever varies or the budget is spent. 1 or more.</param>
/// <param name="maxRoundCount">So many at most.</param>
/// <param name="precision">The share of the median that the noise should come down to.</param>
internal sealed class RoundPlan(int minRoundCount, int maxRoundCount, double precision)
{
    /// <summary>Whether another round is worth its time.</summary>
    /// <param name="roundCount">Rounds done.</param>
    /// <param name="spent">Time spent on them.</param>
    /// <param name="budget">Time that may be spent; a round is not begun that would probably end later.</param>
    /// <param name="measurements">What was measured up to now, of all contenders.</param>
    public bool NeedsAnother(int roundCount, TimeSpan spent, TimeSpan budget, IReadOnlyCollection<Measurement> measurements)
    {
        if (roundCount == 0)
        {
            return true;
        }

        if (roundCount >= maxRoundCount || measurements.Count == 0 || spent + (spent / roundCount) > budget)
        {
            return false;
        }

        // What comes out the same twice is counted, not measured.
        return !measurements.All(measurement => MeasurementNoise.IsConstant(measurement) || (roundCount >= minRoundCount && IsPrecise(measurement)));
    }

    /// <summary>The order of a round.</summary>
    public static IEnumerable<T> Order<T>(IReadOnlyList<T> contenders, int round) =>
        Enumerable.Range(0, contenders.Count).Select(i => contenders[(i + round) % contenders.Count]);

    private bool IsPrecise(Measurement measurement) =>
        MeasurementNoise.Limit(measurement.Samples.Count) * MeasurementNoise.StandardError(measurement) <= precision * Math.Abs(measurement.Median);
}
