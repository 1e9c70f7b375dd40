using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A ranking for people.</summary>
internal static class ExperimentText
{
    /// <summary>One line for a list of experiments.</summary>
    public static string Title(Experiment experiment, Paint paint) => string.Join("  ",
        paint.Number(experiment.Id.ToString(CultureInfo.InvariantCulture).PadLeft(4)),
        paint.Dim(SnapshotText.Time(experiment.Time)),
        $"from snapshot {experiment.Base}",
        experiment.State switch
        {
            ExperimentState.Running => "under way",
            ExperimentState.Cancelled => "called off",
            ExperimentState.Abandoned => "its process died",
            _ when experiment.Winner is { } winner => $"{experiment.Approaches.Count} tried, best: {SafeText.Of(winner)}{(experiment.Merged is { } merged ? $", merged as snapshot {merged}" : "")}",
            _ => $"{experiment.Approaches.Count} tried, none passed",
        });

    /// <summary>The approaches, each with its place and why it has it.</summary>
    public static IEnumerable<string> Ranking(Experiment experiment, Paint paint)
    {
        var width = experiment.Approaches.Count == 0 ? 0 : experiment.Approaches.Max(approach => SafeText.Of(approach.Name).Length);
        foreach (var approach in experiment.Approaches)
        {
            var place = approach.IsEligible ? paint.Number(approach.Rank.ToString(CultureInfo.InvariantCulture).PadLeft(3)) : paint.Deleted("out");
            var lead = $"{place}  {paint.Bold(SafeText.Of(approach.Name).PadRight(width))}  ";
            foreach (var reason in approach.Reasons.DefaultIfEmpty(""))
            {
                yield return $"{lead}{SafeText.Of(reason)}";
                lead = new string(' ', 7 + width);
            }
        }

        foreach (var metric in experiment.Baseline?.Metrics ?? [])
        {
            yield return paint.Dim($"     {"base".PadRight(width)}  {SafeText.Of($"{metric.Name}: {metric}")}");
        }
    }

    /// <summary>What can be done with the losers.</summary>
    public static string Next(Experiment experiment) => experiment switch
    {
        { Merged: { } merged } => $"'{SafeText.Of(experiment.Winner!)}' was merged as snapshot {merged}; 'savepoint undo' takes it back.",
        { Winner: { } winner } => $"'savepoint merge {BranchOf(experiment, winner)}' takes the best; 'savepoint diff {experiment.Base} {BranchOf(experiment, winner)}' shows it.",
        _ => $"'savepoint experiments show {experiment.Id}' tells what each wrote.",
    };

    private static string BranchOf(Experiment experiment, string name) => SafeText.Of(experiment.Approaches.First(approach => approach.Name == name).Branch!);
}
