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

    private static List<string> Texts(JsonElement array) => array.ValueKind == JsonValueKind.Array
        ? [.. array.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.String).Select(element => element.GetString()!)]
        : [];
}
