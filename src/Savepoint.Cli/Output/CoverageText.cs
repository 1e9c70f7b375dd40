using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>What a capture did not hold, in a line a reason.</summary>
internal static class CoverageText
{
    private const int MaxNamed = 5;

    public static IEnumerable<string> Lines(Coverage coverage)
    {
        foreach (var group in coverage.Skipped.GroupBy(entry => entry.Reason).OrderBy(group => group.Key))
        {
            var entries = group.ToList();
            var named = string.Join(", ", entries.Take(MaxNamed).Select(entry => SafeText.Of(entry.Path)));
            var more = entries.Count > MaxNamed ? $" and {entries.Count - MaxNamed} more" : "";
            yield return $"{Meaning(group.Key)}: {named}{more}";
        }

        if (!coverage.IsComplete && coverage.Skipped.Count == 0)
        {
            yield return "the capture is not complete";
        }
    }

    private static string Meaning(SkipReason reason) => reason switch
    {
        SkipReason.Fifo => "not recorded, a named pipe",
        SkipReason.Socket => "not recorded, a socket",
        SkipReason.Device => "not recorded, a device",
        SkipReason.Unreadable => "not recorded, unreadable",
        SkipReason.Hardlink => "recorded, but not that it is a hard link",
        SkipReason.TooLarge => "not recorded, larger than maxFileBytes",
        SkipReason.Deadline => "not reached before scanDeadline",
        SkipReason.TooDeep => "not recorded, what is in it has too long a path",
        SkipReason.Ignored => "recorded from here on, and ignored until now; a restore to an earlier state brings this back",
        SkipReason.Torn => "recorded, but while it was being written",
        _ => "not recorded",
    };
}
