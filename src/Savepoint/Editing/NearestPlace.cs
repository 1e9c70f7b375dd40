using System.Globalization;
using System.Text;

namespace Savepoint.Editing;

/// <summary>
/// Where a block that is not there comes nearest to being there, for whoever sent it to correct himself: the run of as
/// many lines that has most in common with it. A line counts by the share of it that is equal at its two ends.
/// </summary>
internal static class NearestPlace
{
    // So that the search ends soon in any file: the first lines of the block tell where it belongs.
    private const int MaxComparedLineCount = 20;
    private const int MaxTextLineCount = 20_000;
    private const int MaxShownLineCount = 12;
    private const int MaxShownLineLength = 200;
    private const double MinShare = 0.3;

    /// <summary>The place in words with its lines, or nothing if no place is near.</summary>
    public static (string Text, bool IsEqualButForSpace) Describe(EditedText text, string search)
    {
        var sought = LineForm.Of(search);
        var compared = sought.AsSpan(0, Math.Min(sought.Length, MaxComparedLineCount)).ToArray();
        var lines = LineForm.Of(text).AsSpan(0, Math.Min(text.LineCount, MaxTextLineCount)).ToArray();
        var (best, bestShare) = (-1, 0.0);
        for (var at = 0; at < lines.Length && compared.Length > 0; at++)
        {
            var share = Share(lines.AsSpan(at), compared);
            if (share > bestShare)
            {
                (best, bestShare) = (at, share);
            }
        }

        if (bestShare < MinShare)
        {
            return (" Nothing in it is like the block: read the file again.", false);
        }

        var count = Math.Min(sought.Length, text.LineCount - best);
        var isEqual = count == sought.Length && lines.AsSpan(best).StartsWith(sought);
        return ($" The nearest place is {Shown(text, best, count)}", isEqual);
    }

    private static double Share(ReadOnlySpan<string> lines, string[] sought)
    {
        var (sum, weight) = (0.0, 0);
        for (var i = 0; i < sought.Length; i++)
        {
            // A blank line says little about the place.
            var worth = sought[i].Length == 0 ? 1 : 10;
            weight += worth;
            sum += i < lines.Length ? worth * Share(lines[i], sought[i]) : 0;
        }

        return sum / weight;
    }

    private static double Share(string a, string b)
    {
        var longest = Math.Max(a.Length, b.Length);
        if (longest == 0 || a == b)
        {
            return 1;
        }

        var shortest = Math.Min(a.Length, b.Length);
        var prefix = a.AsSpan().CommonPrefixLength(b);
        var suffix = 0;
        while (suffix < shortest - prefix && a[^(suffix + 1)] == b[^(suffix + 1)])
        {
            suffix++;
        }

        return 0.9 * (prefix + suffix) / longest;
    }

    private static string Shown(EditedText text, int first, int count)
    {
        var place = new StringBuilder(count == 1 ? $"line {first + 1}:" : $"lines {first + 1} to {first + count}:");
        for (var line = first; line < first + Math.Min(count, MaxShownLineCount); line++)
        {
            var content = text.Line(line);
            place.Append(CultureInfo.InvariantCulture, $"\n{line + 1,6} | {(content.Length > MaxShownLineLength ? content[..MaxShownLineLength] + "…" : content)}");
        }

        return count > MaxShownLineCount ? place.Append("\n       …").ToString() : place.ToString();
    }
}
