using System.Globalization;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint.Cli.Output;

/// <summary>Decisions for people.</summary>
internal static class DecisionLines
{
    /// <summary>A decision as one line of a list.</summary>
    public static void WriteLine(Terminal terminal, Paint paint, Decision decision) =>
        terminal.Line($"{paint.Number(decision.Id.ToString(CultureInfo.InvariantCulture).PadLeft(4))}  {paint.Dim(SnapshotText.Time(decision.Time))}  {decision.Rule} → {decision.Action}{After(decision)}  {paint.Dim(SafeText.Of(FirstSentence(decision.Reason)))}");

    /// <summary>What a check led to; nothing for a decision that leads to nothing.</summary>
    public static void WriteDecided(Terminal terminal, Paint paint, Decision decision)
    {
        if (decision.Rule == PolicyRule.None)
        {
            return;
        }

        var (did, done) = decision.Outcome switch
        {
            DecisionOutcome.Done when PolicyAction.IsRollback(decision.Action) => ("rolled back", $"The workspace is what it was at snapshot {decision.Target}; 'savepoint undo' takes that back."),
            DecisionOutcome.Done => ("named", $"Snapshot {decision.Target} is the milestone '{decision.Result}'."),
            DecisionOutcome.Failed => ("failed", "It could not be done; the workspace is as it was."),
            _ when PolicyAction.IsRollback(decision.Action) => ("suggested", $"'savepoint rollback {decision.Target}' goes back to it; 'savepoint check --auto-rollback' does so by itself."),
            _ => ("said", ""),
        };
        terminal.Line($"{paint.Label(did)}: {SafeText.Of(decision.Reason)}{(done.Length == 0 ? "" : $" {SafeText.Of(done)}")}");
        if (decision.Analysis is { } analysis)
        {
            terminal.Line($"  {SafeText.Of(analysis.Text)}");
        }

        terminal.Line(paint.Dim($"  'savepoint decisions --explain {decision.Id}' tells what led to it."));
    }

    /// <summary>All of a decision, with what it rests on.</summary>
    public static void WriteExplained(Terminal terminal, Paint paint, Decision decision)
    {
        terminal.Line($"Decision {paint.Number(decision.Id.ToString(CultureInfo.InvariantCulture))} on snapshot {paint.Number(decision.Snapshot.ToString())}, {SnapshotText.Time(decision.Time)}");
        terminal.Line($"  rule       {decision.Rule} ({JsonNames.Of(decision.Mode)})");
        terminal.Line($"  action     {decision.Action}{After(decision)}");
        terminal.Line($"  reason     {SafeText.Of(decision.Reason)}");
        foreach (var number in decision.Numbers)
        {
            var threshold = number.Threshold is { } limit ? $", threshold {Number(limit)}" : "";
            terminal.Line($"  number     {number.Name} = {Number(number.Value)}{threshold}");
        }

        if (decision.Analysis is { } analysis)
        {
            terminal.Line($"  analysis   {SafeText.Of(analysis.Text)}");
        }

        terminal.Line($"  signals    {SafeText.Of(decision.Signals)}");
    }

    private static string After(Decision decision)
    {
        var target = decision.Target is { } number ? $" {number}" : "";
        var result = decision.Result is { } text ? $" ({SafeText.Of(text)})" : "";
        return $"{target}, {JsonNames.Of(decision.Outcome)}{result}";
    }

    private static string Number(double value) => Math.Round(value, 4).ToString(CultureInfo.InvariantCulture);

    private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? text[..(end + 1)] : text;
}
