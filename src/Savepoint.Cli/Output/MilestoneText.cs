using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Milestones in words.</summary>
internal static class MilestoneText
{
    /// <summary>What is the case with a milestone whose archive is gone.</summary>
    public static string Missing(Label milestone) => $"milestone {SafeText.Of(milestone.Name)} (snapshot {milestone.Snapshot}) has no archive";

    /// <summary>What to do about it.</summary>
    public static string Remedy(Label milestone) =>
        $"'savepoint unlabel {SafeText.Of(milestone.Name)}' and 'savepoint milestone {SafeText.Of(milestone.Name)} {milestone.Snapshot}' write it anew from the store.";

    /// <summary>What an archive holds, a line each.</summary>
    public static IEnumerable<string> Lines(MilestoneSnapshot milestone)
    {
        var (history, statistics) = (milestone.CompressedHistory, milestone.Statistics);
        var since = history.Parent is { } parent ? $"since the milestone at {parent}" : "from the beginning";
        yield return $"{Quantity.Of(statistics.EntryCount, "entry")}, {Quantity.Of(history.Snapshots.Count, "snapshot")} {since}, {Quantity.Bytes(history.FileBytes)} for {Quantity.Bytes(history.ContentBytes)}";
        var checks = milestone.QualityMetrics.Verifications;
        var last = checks.Count > 0 ? $", the last of snapshot {checks[^1].Snapshot}" : "";
        yield return $"{Quantity.Of(checks.Count, "verification")}{last}; {(milestone.PerformanceBaseline.Snapshot is { } at ? $"performance baseline of {Quantity.Of(milestone.PerformanceBaseline.Figures.Count, "figure")} at {at}" : "no performance baseline")}";
    }
}
