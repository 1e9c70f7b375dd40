using System.Buffers;
using System.Text;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>What came of an approach as one document of JSON, so that any tool can read it in the database.</summary>
internal static class ApproachDetails
{
    public static string Write(ApproachResult approach)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("command", approach.Command);
            WriteNumber(json, "exitCode", approach.ExitCode);
            json.WriteBoolean("timedOut", approach.IsTimedOut);
            json.WriteNumber("microseconds", approach.Duration.Ticks / TimeSpan.TicksPerMicrosecond);
            json.WriteString("output", approach.Output);
            json.WriteStartArray("unrecorded");
            foreach (var path in approach.Unrecorded)
            {
                json.WriteBase64StringValue(path.Bytes);
            }

            json.WriteEndArray();
            json.WriteNumber("build", (int)approach.Build);
            json.WriteString("buildReason", approach.BuildReason);
            json.WriteNumber("test", (int)approach.Test);
            json.WriteString("testReason", approach.TestReason);
            WriteNumber(json, "passed", approach.Tests?.Passed);
            WriteNumber(json, "failed", approach.Tests?.Failed);
            WriteNumber(json, "skipped", approach.Tests?.Skipped);
            WriteTexts(json, "failing", approach.FailingTests);
            WriteTexts(json, "newlyFailing", approach.NewlyFailing);
            WriteMetrics(json, approach.Metrics);
            WriteTexts(json, "unmeasured", approach.Unmeasured);
            json.WriteNumber("rank", approach.Rank);
            json.WriteBoolean("eligible", approach.IsEligible);
            WriteTexts(json, "reasons", approach.Reasons);
            json.WriteString("directory", approach.Directory);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="SavepointException">It is not what <see cref="Write"/> wrote.</exception>
    public static ApproachResult Read(string name, string details)
    {
        try
        {
            using var json = JsonDocument.Parse(details);
            return Read(name, json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SavepointException(ErrorCode.Damaged, $"What is recorded of approach '{name}' cannot be read.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.", e);
        }
    }

    private static ApproachResult Read(string name, JsonElement json) => new(name, Text(json, "command"))
    {
        ExitCode = (int?)Number(json, "exitCode"),
        IsTimedOut = json.GetProperty("timedOut").GetBoolean(),
        Duration = TimeSpan.FromMicroseconds(json.GetProperty("microseconds").GetInt64()),
        Output = Text(json, "output") ?? "",
        Unrecorded = json.TryGetProperty("unrecorded", out var unrecorded) ? [.. unrecorded.EnumerateArray().Select(path => PathTable.Read(path.GetBytesFromBase64()))] : [],
        Build = (CheckOutcome)json.GetProperty("build").GetInt32(),
        BuildReason = Text(json, "buildReason"),
        Test = (CheckOutcome)json.GetProperty("test").GetInt32(),
        TestReason = Text(json, "testReason"),
        Tests = Number(json, "passed") is { } passed ? new TestCounts(passed, Number(json, "failed") ?? 0, Number(json, "skipped") ?? 0) : null,
        FailingTests = Texts(json, "failing"),
        NewlyFailing = Texts(json, "newlyFailing") ?? [],
        Metrics = [.. json.GetProperty("metrics").EnumerateArray().Select(ReadMetric)],
        Unmeasured = Texts(json, "unmeasured") ?? [],
        Rank = json.GetProperty("rank").GetInt32(),
        IsEligible = json.GetProperty("eligible").GetBoolean(),
        Reasons = Texts(json, "reasons") ?? [],
        Directory = Text(json, "directory"),
    };

    private static void WriteMetrics(Utf8JsonWriter json, IReadOnlyList<Measurement> metrics)
    {
        json.WriteStartArray("metrics");
        foreach (var metric in metrics)
        {
            json.WriteStartObject();
            json.WriteString("name", metric.Name);
            json.WriteString("unit", metric.Unit);
            json.WriteBoolean("isMaximized", metric.Direction == MetricDirection.Maximize);
            json.WriteStartArray("samples");
            foreach (var sample in metric.Samples)
            {
                json.WriteNumberValue(sample);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Measurement ReadMetric(JsonElement json) => new(
        json.GetProperty("name").GetString() ?? "",
        json.GetProperty("unit").GetString() ?? "",
        json.GetProperty("isMaximized").GetBoolean() ? MetricDirection.Maximize : MetricDirection.Minimize,
        [.. json.GetProperty("samples").EnumerateArray().Select(sample => sample.GetDouble())]);

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static long? Number(JsonElement json, string name) => json.TryGetProperty(name, out var number) ? number.GetInt64() : null;

    private static List<string>? Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var texts) ? [.. texts.EnumerateArray().Select(text => text.GetString() ?? "")] : null;
}
