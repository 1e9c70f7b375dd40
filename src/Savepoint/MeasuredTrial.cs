using Savepoint.Experiments;
using Savepoint.Model;

namespace Savepoint;

/// <summary>What is measured of one contender, round by round. A command that fails once is not run again: what it says of one state it would say again.</summary>
internal sealed class MeasuredTrial(string name, Trial trial, Evaluation evaluation)
{
    private const string BenchName = "bench";

    private readonly Dictionary<string, List<double>> _samples = [];
    private readonly List<(string Name, string Unit, MetricDirection Direction)> _metrics = [];
    private readonly Dictionary<string, string> _problems = [];

    /// <summary>The approach; empty for the base.</summary>
    public string Name { get; } = name;

    /// <summary>What could not be measured, and why.</summary>
    public IEnumerable<string> Problems => _problems.Select(problem => $"{problem.Key}: {problem.Value}");

    /// <summary>What was measured up to now.</summary>
    public IEnumerable<Measurement> Measurements() => _metrics.Where(metric => !_problems.ContainsKey(metric.Name))
        .Select(metric => new Measurement(metric.Name, metric.Unit, metric.Direction, [.. _samples[metric.Name]]));

    /// <summary>Measures everything once more that may still come out otherwise.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (evaluation.Commands.Bench is { } bench && !_problems.ContainsKey(BenchName))
        {
            await BenchAsync(bench, cancellationToken).ConfigureAwait(false);
        }

        foreach (var metric in evaluation.Metrics.Where(metric => !_problems.ContainsKey(metric.Name) && !IsSettled(metric.Name)))
        {
            var (value, unit, problem) = await trial.MeasureAsync(metric.Command, cancellationToken).ConfigureAwait(false);
            if (problem is not null)
            {
                _problems[metric.Name] = problem;
            }
            else
            {
                Add(metric.Name, unit, metric.Direction, value);
            }
        }
    }

    private async Task BenchAsync(string command, CancellationToken cancellationToken)
    {
        var run = await trial.CheckAsync(CheckKind.Bench, command, cancellationToken).ConfigureAwait(false);
        if (run.Outcome != CheckOutcome.Passed)
        {
            _problems[BenchName] = run.Reason ?? "it failed";
        }
        else if (run.Figures.Count == 0)
        {
            Add(BenchName, "ms", MetricDirection.Minimize, run.Duration.TotalMilliseconds);
        }

        // Own metrics have their own names; a figure that has one of those is the same thing told twice.
        foreach (var figure in run.Outcome == CheckOutcome.Passed ? run.Figures.Where(figure => evaluation.Metrics.All(metric => metric.Name != figure.Name)) : [])
        {
            Add(figure.Name, figure.Unit, MetricDirections.Of(figure.Unit), figure.Value);
        }
    }

    /// <summary>Whether it is counted, not measured: it came out the same twice.</summary>
    private bool IsSettled(string metric) => _samples.TryGetValue(metric, out var samples) && samples.Count > 1 && samples.TrueForAll(sample => sample.Equals(samples[0]));

    private void Add(string metric, string unit, MetricDirection direction, double value)
    {
        if (!_samples.TryGetValue(metric, out var samples))
        {
            _samples[metric] = samples = [];
            _metrics.Add((metric, unit, direction));
        }

        samples.Add(value);
    }
}
