using System.Text.Json;

namespace Savepoint.Cli.Clients;

/// <summary>The entry of our MCP server in a client's list: a command with arguments, or, for opencode, both in one array.</summary>
internal static class ServerEntry
{
    public const string Verb = "mcp";

    /// <summary>The program that the entry calls; null if it is not ours.</summary>
    public static string? ProgramOf(JsonElement entry)
    {
        var command = Hooks.HookPayload.Member(entry, "command");
        var words = command.ValueKind == JsonValueKind.Array
            ? Texts(command)
            : [.. command.ValueKind == JsonValueKind.String ? [command.GetString()!] : Array.Empty<string>(), .. Texts(Hooks.HookPayload.Member(entry, "args"))];
        return words is [var program, Verb, ..] && HookCommand.IsOurs(program) ? program : null;
    }

    /// <summary>An entry as it is wanted now, with what its user has added to the one that is there: arguments behind ours, and other settings.</summary>
    public static JsonElement Renewed(JsonElement wanted, JsonElement there) => WantedJson.Object(json =>
    {
        foreach (var member in wanted.EnumerateObject())
        {
            var old = Hooks.HookPayload.Member(there, member.Name);
            if (member.Value.ValueKind == JsonValueKind.Array)
            {
                json.WriteStartArray(member.Name);
                foreach (var word in Texts(member.Value).Concat(Texts(old).Skip(member.Value.GetArrayLength())))
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
            }
            else
            {
                json.WritePropertyName(member.Name);
                (member.Name == "command" || old.ValueKind == JsonValueKind.Undefined ? member.Value : old).WriteTo(json);
            }
        }

        foreach (var member in there.EnumerateObject().Where(member => !wanted.TryGetProperty(member.Name, out _)))
        {
            member.WriteTo(json);
        }
    });

    private static List<string> Texts(JsonElement array) => array.ValueKind == JsonValueKind.Array
        ? [.. array.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.String).Select(element => element.GetString()!)]
        : [];
}
