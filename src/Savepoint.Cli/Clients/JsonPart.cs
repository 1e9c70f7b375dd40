using System.Text.Json;
using Savepoint.Cli.ConfigText;

namespace Savepoint.Cli.Clients;

/// <summary>
/// Hooks, our MCP server, or both, in a JSON file. Hooks have the form that Claude Code, Codex and Gemini CLI share:
/// <c>hooks.EVENT[] = {matcher, hooks: [{type, command, timeout}]}</c>. A server is a member named <c>savepoint</c>.
/// </summary>
/// <param name="file">The file's absolute path.</param>
/// <param name="client">Whose hooks.</param>
/// <param name="wanted">What shall stand there.</param>
/// <param name="servers">The member that holds the MCP servers; null if this file has none.</param>
/// <param name="whole">What a file begins with that is not there yet: <paramref name="wanted"/> and what the client would add itself. Null for just that.</param>
internal sealed class JsonPart(string file, string client, JsonElement wanted, string? servers, JsonElement? whole = null) : ConfigPart(file)
{
    public const string ServerName = "savepoint";

    public override IReadOnlyList<string> Wanted => Describe(JsonText.Parse(JsonSerializedText(wanted)));

    public override IReadOnlyList<string> OursIn(byte[] text) => Describe(JsonText.Parse(text));

    public override IReadOnlyList<string> ProgramsIn(byte[] text)
    {
        var json = JsonText.Parse(text);
        return [.. Ours(json).Select(span => ProgramOf(json, span)!).Distinct()];
    }

    public override IReadOnlyList<TextInsertion> InsertionsInto(byte[] text)
    {
        var json = JsonText.Parse(text);
        return servers is not null && json.Root?.Member(servers)?.Member(ServerName) is not null
            ? throw new JsonException($"'{servers}' has an entry '{ServerName}' that is not ours")
            : JsonMerge.Insertions(json, json.Root is null && whole is { } begun ? begun : wanted);
    }

    public override ConfigPart Keeping(byte[] text)
    {
        var json = JsonText.Parse(text);
        return servers is not null && Ours(json).Find(IsServer) is { } ours && wanted.TryGetProperty(servers, out var list)
            ? new JsonPart(File, client, WantedJson.With(wanted, servers, ServerEntry.Renewed(list.GetProperty(ServerName), json.ValueOf(ours))), servers, whole)
            : this;
    }

    public override byte[] Without(byte[] text)
    {
        var json = JsonText.Parse(text);
        return JsonRemoval.Remove(json, span => ProgramOf(json, span) is not null || IsGroupOfOurs(json, span));
    }

    public override bool IsEmpty(byte[] text)
    {
        var json = JsonText.Parse(text);
        return json.Root is null or { Kind: JsonValueKind.Object, Children.Count: 0 } && Array.TrueForAll(text, c => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'{' or (byte)'}');
    }

    private static byte[] JsonSerializedText(JsonElement element) => System.Text.Encoding.UTF8.GetBytes(element.GetRawText());

    private List<string> Describe(JsonText json) =>
        [.. Ours(json).Select(span => $"{Place(span)} {(IsServer(span) ? ProgramOf(json, span) : Canonical(json.ValueOf(span)))}").Order(StringComparer.Ordinal)];

    /// <summary>The value without white space and with its members in order, so that equal ones have equal texts.</summary>
    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}:{Canonical(member.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.String => $"\"{value.GetString()}\"",
        _ => value.GetRawText(),
    };

    private static string Place(JsonSpan span) => string.Join('/', Ancestors(span).Select(at => at.Name).OfType<string>().Reverse());

    private static IEnumerable<JsonSpan> Ancestors(JsonSpan span)
    {
        for (var at = span; at is not null; at = at.Parent)
        {
            yield return at;
        }
    }

    private List<JsonSpan> Ours(JsonText json) => json.Root is null ? [] : [.. All(json.Root).Where(span => ProgramOf(json, span) is not null)];

    private static IEnumerable<JsonSpan> All(JsonSpan span) => span.Children.SelectMany(All).Prepend(span);

    /// <summary>The program that an entry of ours calls, a hook or the server; null if it is none of ours.</summary>
    private string? ProgramOf(JsonText json, JsonSpan span) => IsHook(span) && json.ValueOf(span) is var hook
        ? Hooks.HookPayload.Text(hook, "command") is { } command ? HookCommand.ProgramOf(command, client) : null
        : IsServer(span) ? ServerEntry.ProgramOf(json.ValueOf(span)) : null;

    // hooks / EVENT / element / hooks / element
    private static bool IsHook(JsonSpan span) =>
        span is { Kind: JsonValueKind.Object, Parent: { Name: "hooks", Kind: JsonValueKind.Array, Parent: { } group } } && IsGroup(group);

    private static bool IsGroup(JsonSpan span) =>
        span is { Kind: JsonValueKind.Object, Parent: { Kind: JsonValueKind.Array, Parent: { Name: "hooks", Parent: { Parent: null } } } };

    private bool IsServer(JsonSpan span) => span.Name == ServerName && span is { Parent: { Parent: { Parent: null } } parent } && parent.Name == servers;

    /// <summary>Whether a matcher group holds no hook but ours, so that nothing is left for it to match.</summary>
    private bool IsGroupOfOurs(JsonText json, JsonSpan span) =>
        IsGroup(span) && span.Member("hooks") is { Kind: JsonValueKind.Array, Children.Count: > 0 } hooks && hooks.Children.TrueForAll(hook => ProgramOf(json, hook) is not null);
}
