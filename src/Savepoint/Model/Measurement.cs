using System.Globalization;

namespace Savepoint.Model;

/// <summary>Which end of a metric's scale is the better one.</summary>
public enum MetricDirection
{
    /// <summary>Less is better, as of a duration.</summary>
    Minimize,

    /// <summary>More is better, as of a throughput.</summary>
    Maximize,
}

/// <summary>One thing that was measured, as often as it was.</summary>
/// <param name="Name">What it is; not empty.</param>
/// <param name="Unit">Of what, as <c>ms</c>; empty for a bare number.</param>
/// <param name="Direction">Which end is the better one.</param>
/// <param name="Samples">Each measurement in its order, finite numbers, at least one.</param>
public sealed record Measurement(string Name, string Unit, MetricDirection Direction, IReadOnlyList<double> Samples)
{
    /// <summary>The name of the metric that counts the lines which an approach added and deleted.</summary>
    public const string ChangedLines = "changedLines";

    /// <summary>The name of the metric that sums up the cyclomatic complexity of the functions which any approach that passed the gates changed. Not there if none changed one.</summary>
    public const string Complexity = "complexity";

    /// <summary>The middle one; of an even number the mean of the two in the middle.</summary>
    public double Median => Quantile(0.5);

    /// <summary>
    /// How far single measurements lie apart, in the same unit, 0 or more: the interquartile range, divided by 1.349, which is the
    /// standard deviation if they are normally distributed. A quarter of them may be off by any amount and it hardly changes. Of one measurement 0.
    /// </summary>
    public double Spread => (Quantile(0.75) - Quantile(0.25)) / 1.349;

    /// <summary>For people: the median with its unit, and how far measurements lie apart where they do.</summary>
    public override string ToString()
    {
        var unit = Unit.Length == 0 ? "" : $" {Unit}";
        return Spread == 0 ? $"{Digits(Median, 4)}{unit}" : string.Create(CultureInfo.InvariantCulture, $"{Digits(Median, 4)}{unit} (±{Digits(Spread, 2)} of {Samples.Count})");
    }

    // As many digits as mean something, and never an exponent where the number can be read without.
    private static string Digits(double value, int count) => Math.Abs(value) is 0 or (>= 1e-3 and < 1e15)
        ? Math.Round(value, Math.Clamp(count - 1 - (int)Math.Floor(Math.Log10(Math.Max(1e-9, Math.Abs(value)))), 0, 15)).ToString(CultureInfo.InvariantCulture)
        : value.ToString($"G{count}", CultureInfo.InvariantCulture);

    // Type 7 of Hyndman and Fan 1996, as R and NumPy have it by default.
    private double Quantile(double share)
    {
        var sorted = Samples.Order().ToList();
        var place = (sorted.Count - 1) * share;
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
