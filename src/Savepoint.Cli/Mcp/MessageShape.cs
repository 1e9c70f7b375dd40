using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// What is wrong with a request's parameters, in words by which a client can be mended. The SDK's server answers what it cannot
/// read with "An error occurred.", which says neither what nor where.
/// </summary>
internal static class MessageShape
{
    private static readonly JsonDocumentOptions EachNameOnce = new() { AllowDuplicateProperties = false };

    /// <summary>The error that a request gets at once; null if it can be delivered.</summary>
    /// <param name="request">The request.</param>
    /// <param name="line">The line that it stands in.</param>
    public static JsonRpcError? ErrorOf(JsonRpcRequest request, byte[] line)
    {
        if (request.Method is RequestMethods.SubscriptionsListen or RequestMethods.ResourcesSubscribe or RequestMethods.ResourcesUnsubscribe)
        {
            return Error(request, McpErrorCode.MethodNotFound, $"Method '{request.Method}' is not available: nothing here changes without being asked for.");
        }

        return ProblemOf(request.Method, line) is { } problem ? Error(request, McpErrorCode.InvalidParams, $"Invalid parameters of {request.Method}: {problem}") : null;
    }

    private static string? ProblemOf(string method, byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, EachNameOnce);
            var parameters = RequestParameters.Member(document.RootElement, "params");
            return parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined) ? "they must be an object."
                : RequestParameters.Member(parameters, "_meta").ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null) ? "_meta must be an object."
                : parameters.ValueKind == JsonValueKind.Undefined && method is RequestMethods.Initialize ? null // which then asks for nothing in particular
                : RequestParameters.ProblemOf(method, parameters);
        }
        catch (JsonException)
        {
            return "an object names a member twice.";
        }
    }

    /// <summary>An error as the answer to a request.</summary>
    public static JsonRpcError Error(JsonRpcRequest request, McpErrorCode code, string message) =>
        new() { Id = request.Id, Error = new JsonRpcErrorDetail { Code = (int)code, Message = message } };
}
