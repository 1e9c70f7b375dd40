using System.Globalization;
using System.Text.RegularExpressions;

namespace Savepoint.Experiments;

/// <summary>The number in what a command of a metric wrote: the first one in the last line that has one, as in <c>wc -l FILE</c>. Pure.</summary>
internal static partial class MetricOutput
{
    /// <summary>The number and the unit behind it, if a word stands there alone; null if there is none.</summary>
    public static (double Value, string Unit)? Read(string output)
    {
        foreach (var line in output.Split('\n').Reverse())
        {
            if (Number().Match(line) is { Success: true } match
                && double.TryParse(match.Groups["value"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            {
                return (value, match.Groups["unit"].Value);
            }
        }

        return null;
    }

    // Not a digit inside a word or a version, as in "v2" or "1.2.3".
    [GeneratedRegex(@"(?<![\w.])(?<value>[-+]?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d+)?)(?![\d.]*\.\d)\s*(?<unit>[%a-zA-Zµ/]+(?=\s*$))?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
