using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Experiments;

/// <summary>What a metric came to, in words: the value, how it compares with the best and with the base. Pure.</summary>
internal static class MetricText
{
    /// <summary>One line.</summary>
    /// <param name="metric">The approach's.</param>
    /// <param name="best">The best of all that passed the gates.</param>
    /// <param name="isCompared">Whether there are others to compare with.</param>
    /// <param name="atBase">The base's; null if it was not measured.</param>
    public static string Of(Measurement metric, Measurement best, bool isCompared, Measurement? atBase)
    {
        var text = $"{Name(metric)} {metric}";
        if (isCompared)
        {
            text += metric.Median.Equals(best.Median) ? ", the best" : $", {Ratio(metric, best)} the best";
        }

        return atBase is null ? text : $"{text}; {(Differs(metric, atBase) ? $"{Ratio(metric, atBase)} the base" : "as the base")}";
    }

    /// <summary>A metric's name as people read it.</summary>
    public static string Name(Measurement metric) => metric.Name switch
    {
        Measurement.ChangedLines => "changed lines:",
        Measurement.Complexity => "complexity of the functions that were changed:",
        _ => $"{metric.Name}:",
    };

    private static bool Differs(Measurement one, Measurement other)
    {
        var noise = Math.Sqrt(Math.Pow(MeasurementNoise.Share(one), 2) + Math.Pow(MeasurementNoise.Share(other), 2));
        return Math.Abs(one.Median - other.Median) > noise * Math.Max(Math.Abs(one.Median), Math.Abs(other.Median));
    }

    private static string Ratio(Measurement metric, Measurement other) => metric.Median > 0 && other.Median > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{metric.Median / other.Median:0.00} ×")
        : string.Create(CultureInfo.InvariantCulture, $"{metric.Median - other.Median:+0.####;-0.####} against");
}
