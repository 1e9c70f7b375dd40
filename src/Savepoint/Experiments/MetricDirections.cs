using Savepoint.Model;

namespace Savepoint.Experiments;

/// <summary>Which end of a benchmark's figure is the better one, told by its unit: a rate is better if there is more of it, all else if there is less. Pure.</summary>
internal static class MetricDirections
{
    private static readonly string[] Rates = ["/s", "/sec", "/min", "/h", "per second", "fps"];

    /// <summary>The direction of a unit, as <c>ms</c>, <c>ops/s</c>, <c>B/op</c>.</summary>
    public static MetricDirection Of(string unit) =>
        Rates.Any(rate => unit.EndsWith(rate, StringComparison.OrdinalIgnoreCase)) ? MetricDirection.Maximize : MetricDirection.Minimize;
}
