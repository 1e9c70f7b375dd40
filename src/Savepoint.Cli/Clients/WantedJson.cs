using System.Buffers;
using System.Text.Json;

namespace Savepoint.Cli.Clients;

/// <summary>What shall stand in a client's JSON file, as a value.</summary>
internal static class WantedJson
{
    public static JsonElement Object(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>What is wanted, with another entry of our server.</summary>
    public static JsonElement With(JsonElement wanted, string servers, JsonElement entry) => Object(json =>
    {
        foreach (var member in wanted.EnumerateObject())
        {
            if (member.Name != servers)
            {
                member.WriteTo(json);
                continue;
            }

            json.WriteStartObject(servers);
            json.WritePropertyName(JsonPart.ServerName);
            entry.WriteTo(json);
            json.WriteEndObject();
        }
    });

    /// <summary>One matcher group for each event, without a matcher: it fires for every tool.</summary>
    public static void WriteHooks(this Utf8JsonWriter json, string command, IEnumerable<(string Event, int Timeout)> events)
    {
        json.WriteStartObject("hooks");
        foreach (var (name, timeout) in events)
        {
            json.WriteStartArray(name);
            json.WriteStartObject();
            json.WriteStartArray("hooks");
            json.WriteStartObject();
            json.WriteString("type", "command");
            json.WriteString("command", command);
            json.WriteNumber("timeout", timeout);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The server as Claude Code and Gemini CLI list it.</summary>
    public static void WriteServers(this Utf8JsonWriter json, string servers, string program)
    {
        json.WriteStartObject(servers);
        json.WriteStartObject(JsonPart.ServerName);
        json.WriteString("command", program);
        json.WriteStartArray("args");
        json.WriteStringValue(ServerEntry.Verb);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
