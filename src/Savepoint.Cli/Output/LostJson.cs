using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Snapshots that are gone, as JSON.</summary>
internal static class LostJson
{
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<LostRange> lost)
    {
        json.WriteStartArray("lost");
        foreach (var range in lost)
        {
            json.WriteStartObject();
            json.WriteNumber("first", range.First.Value);
            json.WriteNumber("last", range.Last.Value);
            json.WriteTime("found", range.Found);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
