using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// The answer to a request with a string that is no Unicode (<see cref="UnicodeText"/>): it is not delivered, but who sent it is waiting for its id. Models that write
/// an emoji as escapes lose half of one now and then.
/// </summary>
internal static class HalfCharacters
{
    private const int EscapeChars = 6; // \ud83d
    private const char Unknown = '\uFFFD';
    private const string Hint = "Give it as text, or with both halves of each pair: \\ud83d\\ude00.";

    /// <summary>The answer; null if the line is no request, or has no id that could be given back.</summary>
    /// <exception cref="JsonException">It is no message at all.</exception>
    public static JsonRpcMessage? AnswerTo(ReadOnlySpan<byte> line)
    {
        if (JsonSerializer.Deserialize(Whole(Encoding.UTF8.GetString(line)), TypeOf<JsonRpcMessage>()) is not JsonRpcRequest { Id: var id } request || (id.Id is string text && text.Contains(Unknown)))
        {
            return null;
        }

        var problem = $"{UnicodeText.Culprit(line)} is no Unicode text: it has half of a surrogate pair, or bytes that are no UTF-8.";
        return request.Method != RequestMethods.ToolsCall
            ? MessageShape.Error(request, McpErrorCode.InvalidParams, $"Invalid parameters of {request.Method.Replace(Unknown, '?')}: {problem}")
            : new JsonRpcResponse { Id = id, Result = Result(ToolFailure.Answer("invalid-argument", problem, Hint), MessageLines.NamesRevision(request.Params)) };
    }

    /// <summary>As a tool's own refusal, which a model sees. In the stateless revisions a result says its type.</summary>
    private static JsonNode Result(ToolAnswer answer, bool isStateless)
    {
        var result = JsonSerializer.SerializeToNode(ToolCalls.Result(answer, null), TypeOf<CallToolResult>())!;
        if (isStateless)
        {
            result["resultType"] = "complete";
        }

        return result;
    }

    /// <summary>The JSON with a replacement character for each half.</summary>
    private static string Whole(string json)
    {
        var whole = new StringBuilder(json);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
            {
                continue;
            }

            if (UnitAt(json, i) is not { } unit)
            {
                i++; // another escape, such as that of a backslash
                continue;
            }

            var isPair = char.IsHighSurrogate(unit) && UnitAt(json, i + EscapeChars) is { } next && char.IsLowSurrogate(next);
            if (char.IsSurrogate(unit) && !isPair)
            {
                whole[i + 2] = whole[i + 3] = whole[i + 4] = 'f';
                whole[i + 5] = 'd';
            }

            i += (isPair ? 2 * EscapeChars : EscapeChars) - 1;
        }

        return whole.ToString();
    }

    /// <summary>The UTF-16 code unit that an escape stands for; null if none begins there.</summary>
    private static char? UnitAt(string json, int at) =>
        at + EscapeChars <= json.Length && json[at] == '\\' && json[at + 1] == 'u' && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}
