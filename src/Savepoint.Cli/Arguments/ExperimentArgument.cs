using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>Approaches, metrics and weights as they are written: <c>NAME=…</c>.</summary>
internal static class ExperimentArgument
{
    /// <summary>The approaches of <c>NAME=CMD</c> texts.</summary>
    /// <exception cref="UsageException">There is none, or one cannot be read.</exception>
    public static IReadOnlyList<Approach> Approaches(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            throw new UsageException("There is no approach to try.", "savepoint try --approach 'NAME=CMD' --approach 'OTHER=CMD'");
        }

        List<Approach> approaches = [.. texts.Select(text => Pair(text, "approach")).Select(pair => Approach.Run(pair.Name, pair.Value))];
        foreach (var approach in approaches)
        {
            if (Label.NameProblem($"try/{approach.Name}") is { } problem)
            {
                throw new UsageException($"'{approach.Name}' is no name for an approach: {problem}.");
            }
        }

        return approaches.GroupBy(approach => approach.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UsageException($"Two approaches are called '{twice.Key}'.")
            : approaches;
    }

    /// <summary>The metrics of <c>NAME=CMD[:min|:max]</c> texts.</summary>
    /// <exception cref="UsageException">One cannot be read, or has a name that is taken.</exception>
    public static IReadOnlyList<Metric> Metrics(IReadOnlyList<string> texts)
    {
        var metrics = new List<Metric>();
        foreach (var (name, written) in texts.Select(text => Pair(text, "metric")))
        {
            var (command, direction) = written.EndsWith(":min", StringComparison.Ordinal) ? (written[..^4], MetricDirection.Minimize)
                : written.EndsWith(":max", StringComparison.Ordinal) ? (written[..^4], MetricDirection.Maximize)
                : (written, MetricDirection.Minimize);
            if (string.IsNullOrWhiteSpace(command))
            {
                throw new UsageException($"The metric '{name}' has no command.");
            }

            if (name is Measurement.ChangedLines or Measurement.Complexity || metrics.Exists(metric => metric.Name == name))
            {
                throw new UsageException($"There is a metric '{name}' already.", "Give it another name.");
            }

            metrics.Add(new Metric(name, command, direction));
        }

        return metrics;
    }

    /// <summary>The weights of <c>NAME=W</c> texts.</summary>
    /// <exception cref="UsageException">One cannot be read.</exception>
    public static Dictionary<string, double> Weights(IReadOnlyList<string> texts)
    {
        var weights = new Dictionary<string, double>();
        foreach (var (name, written) in texts.Select(text => Pair(text, "weight")))
        {
            weights[name] = double.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
                ? weight
                : throw new UsageException($"'{written}' is no weight: 0, 0.5 or 2 are.");
        }

        return weights;
    }

    /// <summary>The form of the working copies; null for <c>auto</c>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static Isolation? Isolation(string? text) => text switch
    {
        null or "auto" => null,
        "overlay" => Model.Isolation.Overlay,
        "copy" => Model.Isolation.Copy,
        _ => throw new UsageException($"There is no isolation '{text}': auto, overlay and copy are the choices."),
    };

    private static (string Name, string Value) Pair(string text, string what) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign && sign < text.Length - 1 && text[(sign + 1)..].Trim().Length > 0
            ? (text[..sign], text[(sign + 1)..])
            : throw new UsageException($"'{text}' is no {what}.", $"Write --{what} 'NAME=…'.");
}
