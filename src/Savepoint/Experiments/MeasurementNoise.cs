using Savepoint.Model;

namespace Savepoint.Experiments;

/// <summary>
/// How much of a median is chance, and whether two medians differ by more. Pure.
/// The standard error of a median is 1.2533 times that of the mean (normal distribution: √(π/2)). Of few measurements the spread itself
/// is uncertain, so the limit is wider for them: 2 + 5/n standard errors let at most one in twenty pairs of equals pass for
/// different, for 3 measurements and more, and for long-tailed distributions too (MeasurementNoiseTests simulates it).
/// </summary>
internal static class MeasurementNoise
{
    /// <summary>What was measured once may be off by so much: nobody knows. A share of the median.</summary>
    public const double OfOneMeasurement = 0.05;

    /// <summary>Where measurements vary at all, the machine varies by at least this from one quarter of an hour to the next. A share of the median.</summary>
    public const double OfMachine = 0.01;

    /// <summary>The standard error of the median, in the metric's unit.</summary>
    public static double StandardError(Measurement measurement) => measurement.Samples.Count switch
    {
        1 => IsCount(measurement) ? 0 : OfOneMeasurement / Limit(1) * Math.Abs(measurement.Median),
        _ when IsConstant(measurement) => 0,
        var count => 1.2533 * measurement.Spread / Math.Sqrt(count),
    };

    /// <summary>Twice the value by which two medians like this one may differ by chance, as a share of the median; 0 if it never varied.</summary>
    public static double Share(Measurement measurement) => StandardError(measurement) is var error && (error == 0 || measurement.Median == 0) ? 0
        : Math.Max(OfMachine, Limit(measurement.Samples.Count) * error / Math.Abs(measurement.Median));

    /// <summary>By how many standard errors two medians of so many measurements may differ and still be taken for equal.</summary>
    public static double Limit(int count) => 2 + (5.0 / count);

    /// <summary>Whether it was measured more than once and came out the same each time.</summary>
    public static bool IsConstant(Measurement measurement) => measurement.Samples.Count > 1 && measurement.Samples.All(sample => sample.Equals(measurement.Samples[0]));

    /// <summary>Counted in what is recorded, not measured: exact.</summary>
    public static bool IsCount(Measurement measurement) => measurement.Name is Measurement.ChangedLines or Measurement.Complexity;
}
