using System.Globalization;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Decisions for people.</summary>
internal static class DecisionLines
{
    /// <summary>A decision as one line of a list.</summary>
    public static void WriteLine(Terminal terminal, Paint paint, Decision decision) =>
        terminal.Line($"{paint.Number(decision.Id.ToString(CultureInfo.InvariantCulture).PadLeft(4))}  {paint.Dim(SnapshotText.Time(decision.Time))}  {decision.Rule} → {decision.Action}{After(decision)}  {paint.Dim(SafeText.Of(FirstSentence(decision.Reason)))}");

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
