using Savepoint.Model;

namespace Savepoint;

/// <summary>How approaches are compared: the same commands for all. Each is one line for <c>/bin/sh</c>, run in the approach's working copy. Immutable.</summary>
public sealed record Evaluation
{
    /// <summary>No command: the smaller change is better.</summary>
    public static Evaluation None { get; } = new();

    /// <summary>The gates, and the benchmark. What is null is not looked at. Default: none.</summary>
    public CheckCommands Commands { get; init; } = CheckCommands.None;

    /// <summary>What else is measured. Default: nothing.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>
    /// How much each metric counts, by its name: 0 for not at all. Default: 1 for each that is measured; 0 for <c>complexity</c>, and for <c>changedLines</c>, which then
    /// only decides between what else ties.
    /// </summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>The share of the tests that must pass, 0 to 1; where the base's share is lower, that. Default: 1.</summary>
    public double MinPassShare { get; init; } = 1;

    /// <summary>How often each thing is measured at least, unless it comes out the same twice or the budget is spent. 1 or more; default: 5.</summary>
    public int MinRoundCount { get; init; } = 5;

    /// <summary>How often at most. Default: 25.</summary>
    public int MaxRoundCount { get; init; } = 25;

    /// <summary>The noise at which it is measured no more, as a share of the median. Default: 0.02.</summary>
    public double Precision { get; init; } = 0.02;

    /// <summary>How long all measurements together may take, the first round aside. Default: 1 minute.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(1);

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRoundCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRoundCount, MinRoundCount);
        ArgumentOutOfRangeException.ThrowIfNegative(Precision);
        ArgumentOutOfRangeException.ThrowIfNegative(MinPassShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinPassShare, 1);
        if (Weights.FirstOrDefault(weight => !(weight.Value >= 0) || !double.IsFinite(weight.Value)) is { Key: { } wrong })
        {
            throw new ArgumentException($"The weight of '{wrong}' must be 0 or more.");
        }

        if (Metrics.GroupBy(metric => metric.Name).FirstOrDefault(group => group.Count() > 1 || group.Key is "" or Measurement.ChangedLines or Measurement.Complexity) is { } taken)
        {
            throw new ArgumentException($"'{taken.Key}' cannot name a metric: it is empty, ours, or there twice.");
        }
    }
}

/// <summary>Something that a command measures. Immutable.</summary>
/// <param name="Name">What it is; not empty.</param>
/// <param name="Command">Writes the number to standard output: the first one in the last line that has one counts.</param>
/// <param name="Direction">Which end is the better one.</param>
public sealed record Metric(string Name, string Command, MetricDirection Direction = MetricDirection.Minimize);
