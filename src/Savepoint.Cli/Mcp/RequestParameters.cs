using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Savepoint.Cli.Mcp;

/// <summary>What is wrong with the parameters of one method, an object or none: first what can be said in the protocol's words, then whatever else the SDK cannot read.</summary>
internal static class RequestParameters
{
    /// <summary>Of the revisions before 2026-07-28, which the SDK speaks and calls obsolete.</summary>
    private const string SetLevel = "logging/setLevel";

    private static readonly string[] Levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
    };

    /// <summary>A sentence; null if nothing is.</summary>
    public static string? ProblemOf(string method, JsonElement parameters) => Said(method, parameters) ?? Unreadable(method, parameters);

    /// <summary>A member of an object; of kind <see cref="JsonValueKind.Undefined"/> if there is none.</summary>
    public static JsonElement Member(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : default;

    private static string? Said(string method, JsonElement parameters) => method switch
    {
        RequestMethods.Initialize => Initialize(parameters),
        SetLevel => Member(parameters, "level") is { ValueKind: JsonValueKind.String } level && Levels.Contains(level.GetString(), StringComparer.Ordinal)
            ? null : $"level must be one of {string.Join(", ", Levels)}.",
        RequestMethods.ToolsList or RequestMethods.ResourcesList or RequestMethods.ResourcesTemplatesList =>
            IsTextOrNone(Member(parameters, "cursor")) ? null : "cursor must be a string, as an earlier answer has it in nextCursor.",
        RequestMethods.ToolsCall => !IsText(Member(parameters, "name")) ? "name must be a string, the tool's name as tools/list has it."
            : !IsObjectOrNone(Member(parameters, "arguments")) ? """arguments must be an object, {"path":"a.txt"}."""
            : null,
        RequestMethods.ResourcesRead => IsText(Member(parameters, "uri")) ? null : "uri must be a string, savepoint://history.",
        _ => null,
    };

    private static string? Initialize(JsonElement parameters)
    {
        var (capabilities, client) = (Member(parameters, "capabilities"), Member(parameters, "clientInfo"));
        return !IsText(Member(parameters, "protocolVersion")) ? """protocolVersion must be a string, "2025-11-25"."""
            : capabilities.ValueKind == JsonValueKind.Undefined || !IsObjectOrNone(capabilities) ? "capabilities must be an object, {} for none."
            : !IsText(Member(client, "name")) || !IsText(Member(client, "version")) ? """clientInfo must be an object with two strings, {"name":"a-client","version":"1.0"}."""
            : null;
    }

    private static string? Unreadable(string method, JsonElement parameters)
    {
        try
        {
            if (parameters.ValueKind == JsonValueKind.Object && Types.TryGetValue(method, out var type))
            {
                _ = parameters.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(type));
            }

            return null;
        }
        catch (JsonException e)
        {
            return e.Path is ['$', '.', _, ..] path ? $"{path[2..]} is not what the protocol has there." : "they are not what the protocol has.";
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or FormatException or ArgumentException or OverflowException)
        {
            return null; // a failure that is no judgement: the SDK answers the request in its own way
        }
    }

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsTextOrNone(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined;

    private static bool IsObjectOrNone(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined;
}
