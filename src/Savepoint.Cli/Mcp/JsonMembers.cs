using System.Buffers;
using System.Text.Json;

namespace Savepoint.Cli.Mcp;

/// <summary>Objects written member by member, as the protocol's types take them.</summary>
internal static class JsonMembers
{
    /// <summary>The object with these members.</summary>
    public static JsonElement Element(Action<Utf8JsonWriter> writeMembers)
    {
        using var document = JsonDocument.Parse(Write(writeMembers));
        return document.RootElement.Clone();
    }

    /// <summary>The object with these members, as text.</summary>
    public static string Of(Action<Utf8JsonWriter> writeMembers) => System.Text.Encoding.UTF8.GetString(Write(writeMembers).Span);

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
