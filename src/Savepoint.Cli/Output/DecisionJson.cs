using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A decision of the policies.</summary>
internal static class DecisionJson
{
    /// <summary>The members of a decision, into an object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Decision decision)
    {
        json.WriteNumberOrNull("id", decision.Id == 0 ? null : decision.Id);
        json.WriteString("rule", decision.Rule);
        json.WriteString("action", decision.Action);
        json.WriteSnapshot("target", decision.Target);
        json.WriteString("reason", decision.Reason);
        json.WriteString("mode", JsonNames.Of(decision.Mode));
        json.WriteString("outcome", JsonNames.Of(decision.Outcome));
        json.WriteString("result", decision.Result);
        json.WriteString("retention", decision.Retention is { } retention ? JsonNames.Of(retention) : null);
        json.WriteSnapshot("snapshot", decision.Snapshot);
        json.WriteTime("time", decision.Time);
        WriteNumbers(json, decision.Numbers);
        if (decision.Numbers.Count > 0 && decision.Numbers[0].Threshold is { } threshold)
        {
            json.WriteNumber("threshold", threshold);
        }
        else
        {
            json.WriteNull("threshold");
        }

        WriteAnalysis(json, decision.Analysis);
    }

    private static void WriteNumbers(Utf8JsonWriter json, IReadOnlyList<DecisionNumber> numbers)
    {
        json.WriteStartArray("numbers");
        foreach (var number in numbers)
        {
            json.WriteStartObject();
            json.WriteString("name", number.Name);
            json.WriteNumber("value", number.Value);
            if (number.Threshold is { } threshold)
            {
                json.WriteNumber("threshold", threshold);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAnalysis(Utf8JsonWriter json, FailureAnalysis? analysis)
    {
        if (analysis is null)
        {
            json.WriteNull("analysis");
            return;
        }

        json.WriteStartObject("analysis");
        WriteTexts(json, "failing", analysis.Failing);
        json.WriteStartArray("suspects");
        foreach (var suspect in analysis.Suspects)
        {
            json.WriteStartObject();
            json.WriteSnapshot("snapshot", suspect.Snapshot);
            json.WriteString("agent", suspect.Actor.Agent);
            json.WriteString("session", suspect.Actor.Session);
            json.WriteString("turn", suspect.Actor.Turn);
            WriteTexts(json, "paths", suspect.Paths);
            json.WriteString("why", suspect.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteSnapshot("firstBad", analysis.FirstBad);
        json.WriteString("text", analysis.Text);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
