using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>What was looked at.</summary>
internal static class CoverageJson
{
    public static void Write(Utf8JsonWriter json, Coverage coverage)
    {
        json.WriteStartObject("coverage");
        json.WriteBoolean("complete", coverage.IsComplete);
        json.WriteNumber("scanned", coverage.ScannedCount);
        json.WriteStartArray("skipped");
        foreach (var entry in coverage.Skipped)
        {
            json.WriteStartObject();
            json.WritePath("path", entry.Path);
            json.WriteString("reason", JsonNames.Of(entry.Reason));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
