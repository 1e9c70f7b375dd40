using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>An experiment and what came of its approaches.</summary>
internal static class ExperimentJson
{
    /// <summary>Writes the members of the object, which the caller opens and closes.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Experiment experiment)
    {
        json.WriteNumber("experiment", experiment.Id);
        json.WriteSnapshot("base", experiment.Base);
        json.WriteString("state", JsonNames.Of(experiment.State));
        json.WriteTime("time", experiment.Time);
        json.WriteString("isolation", JsonNames.Of(experiment.Isolation));
        json.WriteString("isolationReason", experiment.IsolationReason);
        json.WriteStartObject("commands");
        json.WriteString("build", experiment.Commands.Build);
        json.WriteString("test", experiment.Commands.Test);
        json.WriteString("bench", experiment.Commands.Bench);
        json.WriteEndObject();
        json.WriteString("winner", experiment.Winner);
        json.WriteBoolean("merged", experiment.Merged is not null);
        json.WriteSnapshot("mergeSnapshot", experiment.Merged);
        json.WritePropertyName("baseline");
        if (experiment.Baseline is { } baseline)
        {
            Write(json, baseline);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartArray("approaches");
        foreach (var approach in experiment.Approaches)
        {
            Write(json, approach);
        }

        json.WriteEndArray();
        json.WriteElapsed(experiment.Elapsed);
    }

    private static void Write(Utf8JsonWriter json, ApproachResult approach)
    {
        json.WriteStartObject();
        json.WriteString("name", approach.Name);
        json.WriteString("command", approach.Command);
        json.WriteNumber("rank", approach.Rank);
        json.WriteBoolean("passed", approach.IsEligible);
        json.WriteStartObject("gates");
        json.WriteString("build", JsonNames.Of(approach.Build));
        json.WriteString("test", JsonNames.Of(approach.Test));
        json.WriteEndObject();
        json.WriteNumberOrNull("exitCode", approach.ExitCode);
        json.WriteBoolean("timedOut", approach.IsTimedOut);
        json.WriteNumber("durationMs", Math.Round(approach.Duration.TotalMilliseconds, 3));
        WriteTests(json, approach);
        json.WriteStartArray("metrics");
        foreach (var metric in approach.Metrics)
        {
            Write(json, metric);
        }

        json.WriteEndArray();
        WriteTexts(json, "unmeasured", approach.Unmeasured);
        WriteTexts(json, "reasons", approach.Reasons);
        json.WriteString("branch", approach.Branch);
        json.WriteSnapshot("snapshot", approach.Snapshot);
        json.WriteString("directory", approach.Directory);
        json.WriteString("output", approach.Output);
        json.WriteEndObject();
    }

    private static void WriteTests(Utf8JsonWriter json, ApproachResult approach)
    {
        json.WriteStartObject("tests");
        json.WriteNumberOrNull("passed", approach.Tests?.Passed);
        json.WriteNumberOrNull("failed", approach.Tests?.Failed);
        json.WriteNumberOrNull("skipped", approach.Tests?.Skipped);
        WriteTexts(json, "newlyFailing", approach.NewlyFailing);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Measurement metric)
    {
        json.WriteStartObject();
        json.WriteString("name", metric.Name);
        json.WriteNumber("median", metric.Median);
        json.WriteNumber("spread", metric.Spread);
        json.WriteString("unit", metric.Unit);
        json.WriteString("direction", metric.Direction == MetricDirection.Maximize ? "max" : "min");
        json.WriteNumber("count", metric.Samples.Count);
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
