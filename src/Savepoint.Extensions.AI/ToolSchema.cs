using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Savepoint.Extensions.AI;

/// <summary>
/// JSON schemas as the strictest of models' hosts want them: no property beyond those named, every one of them required,
/// and what may be left out nullable instead. Written by hand, so that nothing is found by reflection.
/// </summary>
internal static class ToolSchema
{
    // The answer goes to a model, never into a page: a diff full of \u002B costs it tokens.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement Of(IReadOnlyList<ToolParameter> parameters) => Written(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var parameter in parameters)
        {
            Write(json, parameter);
        }

        json.WriteEndObject();
        json.WriteStartArray("required");
        foreach (var parameter in parameters)
        {
            json.WriteStringValue(parameter.Name);
        }

        json.WriteEndArray();
        json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    });

    /// <summary>What <paramref name="write"/> writes, as an element that lives by itself.</summary>
    public static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            write(json);
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter json, ToolParameter parameter)
    {
        json.WriteStartObject(parameter.Name);
        if (parameter.IsOptional)
        {
            json.WriteStartArray("type");
            json.WriteStringValue(parameter.Type);
            json.WriteStringValue("null");
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("type", parameter.Type);
        }

        if (parameter.Type == "array")
        {
            json.WriteStartObject("items");
            json.WriteString("type", "string");
            json.WriteEndObject();
        }

        if (parameter.Choices is { } choices)
        {
            json.WriteStartArray("enum");
            foreach (var choice in choices)
            {
                json.WriteStringValue(choice);
            }

            if (parameter.IsOptional)
            {
                json.WriteNullValue();
            }

            json.WriteEndArray();
        }

        json.WriteString("description", parameter.Description);
        json.WriteEndObject();
    }
}
