using System.Buffers;
using System.Text;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>The numbers and the analysis of a decision as JSON, so that any tool can read them in the database.</summary>
internal static class DecisionText
{
    public static string Write(IReadOnlyList<DecisionNumber> numbers) => Text(json =>
    {
        json.WriteStartArray();
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
    });

    /// <summary>The analysis; null for none.</summary>
    public static string? Write(FailureAnalysis? analysis) => analysis is null ? null : Text(json =>
    {
        json.WriteStartObject();
        WriteTexts(json, "failing", analysis.Failing);
        json.WriteStartArray("suspects");
        foreach (var suspect in analysis.Suspects)
        {
            json.WriteStartObject();
            json.WriteNumber("snapshot", suspect.Snapshot.Value);
            json.WriteString("agent", suspect.Actor.Agent);
            json.WriteString("session", suspect.Actor.Session);
            json.WriteString("turn", suspect.Actor.Turn);
            json.WriteString("toolCall", suspect.Actor.ToolCall);
            WriteTexts(json, "paths", suspect.Paths);
            json.WriteString("why", suspect.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (analysis.FirstBad is { } first)
        {
            json.WriteNumber("firstBad", first.Value);
        }

        json.WriteString("text", analysis.Text);
        json.WriteEndObject();
    });

    /// <exception cref="SavepointException">They are not what <see cref="Write(IReadOnlyList{DecisionNumber})"/> wrote.</exception>
    public static IReadOnlyList<DecisionNumber> ReadNumbers(string text) => Read(text, numbers => (IReadOnlyList<DecisionNumber>)
    [
        .. numbers.EnumerateArray().Select(number => new DecisionNumber(
            number.GetProperty("name").GetString()!, number.GetProperty("value").GetDouble(), number.TryGetProperty("threshold", out var threshold) ? threshold.GetDouble() : null)),
    ]);

    /// <exception cref="SavepointException">It is not what <see cref="Write(FailureAnalysis?)"/> wrote.</exception>
    public static FailureAnalysis? ReadAnalysis(string? text) => text is null ? null : Read(text, analysis => new FailureAnalysis(
        ReadTexts(analysis, "failing"),
        [.. analysis.GetProperty("suspects").EnumerateArray().Select(ReadSuspect)],
        analysis.TryGetProperty("firstBad", out var first) ? new SnapshotNumber(first.GetInt64()) : null,
        analysis.GetProperty("text").GetString()!));

    private static Suspect ReadSuspect(JsonElement suspect) => new(
        new SnapshotNumber(suspect.GetProperty("snapshot").GetInt64()),
        new Actor(suspect.GetProperty("agent").GetString(), suspect.GetProperty("session").GetString(), suspect.GetProperty("turn").GetString(), suspect.GetProperty("toolCall").GetString()),
        ReadTexts(suspect, "paths"), suspect.GetProperty("why").GetString()!);

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static List<string> ReadTexts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static T Read<T>(string text, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SavepointException(ErrorCode.Damaged, "A recorded decision cannot be read.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.", e);
        }
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
