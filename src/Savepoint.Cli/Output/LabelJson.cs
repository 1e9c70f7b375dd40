using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>Labels: one as an object, all as <c>labels</c>.</summary>
internal static class LabelJson
{
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<Label> labels)
    {
        json.WriteStartArray("labels");
        foreach (var label in labels)
        {
            json.WriteStartObject();
            WriteMembers(json, label);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the members of the object, which the caller opens and closes.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Label label)
    {
        json.WriteString("name", label.Name);
        json.WriteSnapshot("snapshot", label.Snapshot);
        json.WriteString("kind", JsonNames.Of(label.Kind));
        json.WriteString("retention", JsonNames.Of(label.Retention));
        json.WriteTime("time", label.Time);
        json.WriteString("session", label.Session);
    }
}
