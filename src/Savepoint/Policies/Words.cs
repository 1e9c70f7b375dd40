using System.Globalization;

namespace Savepoint.Policies;

/// <summary>Numbers and names as the reasons of decisions have them.</summary>
internal static class Words
{
    private const int ShownNames = 5;

    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100, 1)} %");

    /// <summary>The first names, and how many more there are.</summary>
    public static string Some(IReadOnlyList<string> names) => names.Count <= ShownNames
        ? string.Join(", ", names)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(ShownNames))} and {names.Count - ShownNames} more");
}
