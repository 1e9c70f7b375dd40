using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Experiments;

/// <summary>
/// Puts approaches in order (the seed's evaluateAndRank). What goes in: what came of each. What comes out: the same with places and
/// reasons, the best first. Pure.
/// Gates first: whoever fails one stands behind all who passed. Then a score: for each metric the logarithm of how many times as good
/// the best is, by the metric's weight, so that twice as slow costs the same whatever the unit. Two scores closer to each other than the noise of
/// the measurements that they rest on are a tie: one place for both, and among them the smaller change stands first.
/// </summary>
internal sealed class Ranking
{
    private readonly IReadOnlyDictionary<string, double> _weights;
    private readonly ApproachResult? _baseline;
    private readonly List<ApproachResult> _eligible;
    private readonly bool _isMeasured;
    private readonly Dictionary<string, Measurement> _best;

    private Ranking(IReadOnlyList<ApproachResult> approaches, ApproachResult? baseline, IReadOnlyDictionary<string, double> weights)
    {
        _baseline = baseline;
        _eligible = [.. approaches.Where(approach => approach.IsEligible)];
        _best = _eligible.SelectMany(approach => approach.Metrics).GroupBy(metric => metric.Name).ToDictionary(
            group => group.Key,
            group => group.Aggregate((best, next) => IsBetter(next, best) ? next : best));

        // Where nothing was measured, the size of the change is all that tells them apart.
        _isMeasured = _best.Keys.Any(name => Weight(weights, name) > 0);
        _weights = _isMeasured ? weights : new Dictionary<string, double>(weights) { [Measurement.ChangedLines] = 1 };
    }

    /// <summary>The approaches in their order, each with its place and why it has it.</summary>
    /// <param name="approaches">In the order in which they were given.</param>
    /// <param name="baseline">What was measured of the base; null if nothing was.</param>
    /// <param name="weights">How much each metric counts; 1 for those not named, 0 for changed lines and complexity.</param>
    public static IReadOnlyList<ApproachResult> Evaluate(IReadOnlyList<ApproachResult> approaches, ApproachResult? baseline, IReadOnlyDictionary<string, double> weights)
    {
        var decided = approaches.Select(approach => approach with { IsEligible = Gates.Failure(approach) is null }).ToList();
        var ranking = new Ranking(decided, baseline, weights);
        var ranked = ranking.Eligible();
        var place = ranked.Count + 1;
        ranked.AddRange(decided.Where(approach => !approach.IsEligible).OrderByDescending(Gates.Reached)
            .Select(approach => approach with { Rank = place, Reasons = [Gates.Failure(approach)!] }));
        return ranked;
    }

    private List<ApproachResult> Eligible()
    {
        // What could not be measured cannot be compared, so it stands behind what could. Of two as good as each other the others are held against the one that is known better.
        // Small changes first where all else ties; then as they were given.
        var scored = _eligible.Select(approach => Scored(approach)).OrderBy(one => one.Missing).ThenBy(one => one.Score).ThenBy(one => one.Noise).ToList();
        var ranked = new List<ApproachResult>();
        for (var i = 0; i < scored.Count;)
        {
            var first = scored[i];
            var tied = scored.Skip(i).TakeWhile(one => one.Missing == first.Missing && IsTie(first, one))
                .OrderBy(one => Lines(one.Approach)).ThenBy(one => _eligible.IndexOf(one.Approach)).ToList();
            var place = ranked.Count + 1;
            ranked.AddRange(tied.Select((one, order) => one.Approach with { Rank = place, Reasons = [.. Reasons(one, tied, order, place)] }));
            i += tied.Count;
        }

        return ranked;
    }

    private ScoredApproach Scored(ApproachResult approach)
    {
        var (score, variance, missing) = (0.0, 0.0, 0);
        foreach (var (name, best) in _best.Where(entry => Weight(_weights, entry.Key) > 0))
        {
            if (approach.Metric(name) is not { } metric)
            {
                missing++;
                continue;
            }

            var weight = Weight(_weights, name);
            score += weight * Distance(metric, best);
            variance += Math.Pow(weight * MeasurementNoise.Share(metric), 2);
        }

        return new ScoredApproach(approach, score, Math.Sqrt(variance), missing);
    }

    private static bool IsTie(ScoredApproach first, ScoredApproach other) => other.Score - first.Score <= Math.Sqrt(Math.Pow(first.Noise, 2) + Math.Pow(other.Noise, 2)) + 1e-12;

    /// <summary>How far a metric is from the best, 0 or more: the logarithm of their ratio, or where a sign or a zero forbids that, their difference as a share of the larger.</summary>
    private static double Distance(Measurement metric, Measurement best)
    {
        var (value, reference) = (metric.Median, best.Median);
        return value.Equals(reference) ? 0
            : value > 0 && reference > 0 ? Math.Abs(Math.Log(value / reference))
            : Math.Abs(value - reference) / Math.Max(Math.Abs(value), Math.Abs(reference));
    }

    private IEnumerable<string> Reasons(ScoredApproach one, List<ScoredApproach> tied, int order, int place)
    {
        var approach = one.Approach;
        if (tied.Count > 1)
        {
            var others = string.Join(", ", tied.Where(other => other != one).Select(other => $"'{other.Approach.Name}'"));
            yield return $"tied with {others}: {Closeness(one, tied)}{(place == 1 && order == 0 ? $"; named first because {Preference(tied)}" : "")}";
        }

        if (approach.TestReason is { } old)
        {
            yield return old;
        }

        foreach (var metric in approach.Metrics.Where(metric => Weight(_weights, metric.Name) > 0))
        {
            yield return MetricText.Of(metric, _best[metric.Name], _eligible.Count(other => other.Metric(metric.Name) is not null) > 1, _baseline?.Metric(metric.Name));
        }

        foreach (var missing in approach.Unmeasured.Concat(_best.Keys.Where(name => Weight(_weights, name) > 0 && approach.Metric(name) is null).Select(name => $"{name} was not measured")))
        {
            yield return missing;
        }

        if (!_isMeasured)
        {
            yield return _eligible.Count == 1 ? "the only one that passed all gates" : "nothing was measured, so the smaller change counts";
        }
    }

    private string Closeness(ScoredApproach one, List<ScoredApproach> tied)
    {
        var names = _best.Keys.Where(name => Weight(_weights, name) > 0 && name != Measurement.ChangedLines).ToList();
        var isExact = tied.All(other => other.Noise == 0);
        var what = names.Count == 0 ? "the size of the change" : string.Join(", ", names);
        return isExact ? $"{what} {(names.Count > 1 ? "are" : "is")} the same"
            : string.Create(CultureInfo.InvariantCulture, $"what was measured ({what}) differs by no more than its noise, {Math.Max(one.Noise, tied.Max(other => other.Noise)):P1}");
    }

    private static string Preference(List<ScoredApproach> tied) => tied.Count(other => Lines(other.Approach) == Lines(tied[0].Approach)) > 1
        ? "it was given first"
        : string.Create(CultureInfo.InvariantCulture, $"it changes fewest lines ({Lines(tied[0].Approach):0})");

    private static double Lines(ApproachResult approach) => approach.Metric(Measurement.ChangedLines)?.Median ?? double.MaxValue;

    private static double Weight(IReadOnlyDictionary<string, double> weights, string name) => weights.TryGetValue(name, out var weight) ? weight : IsExact(name) ? 0 : 1;

    private static bool IsExact(string name) => name is Measurement.ChangedLines or Measurement.Complexity;

    private static bool IsBetter(Measurement one, Measurement other) => one.Direction == MetricDirection.Minimize ? one.Median < other.Median : one.Median > other.Median;

    private sealed record ScoredApproach(ApproachResult Approach, double Score, double Noise, int Missing);
}
