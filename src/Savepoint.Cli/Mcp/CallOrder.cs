using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// Calls that write run one after another, in the order in which they came: a client may send the next before the last is
/// answered, and the SDK's server begins all of them at once. Calls that read wait for nobody.
/// </summary>
/// <param name="tools">The tools of the server.</param>
internal sealed class CallOrder(IReadOnlyList<McpTool> tools)
{
    private readonly HashSet<string> _writers = [.. tools.Where(tool => tool.HasEffect).Select(tool => tool.Name)];
    private readonly ConcurrentDictionary<RequestId, Place> _places = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Gives a request its place. In the order in which they come, from one thread.</summary>
    public void Note(JsonRpcRequest request)
    {
        if (request.Method != RequestMethods.ToolsCall || ToolOf(request) is not { } tool || !_writers.Contains(tool))
        {
            return;
        }

        var place = new Place(_last);
        if (_places.TryAdd(request.Id, place)) // an id that is used twice has no order
        {
            _last = _last.IsCompleted ? place.Left : Task.WhenAll(_last, place.Left);
        }
    }

    /// <summary>Waits until all that came before is done.</summary>
    public Task AwaitAsync(RequestId id, CancellationToken cancellationToken) =>
        _places.TryGetValue(id, out var place) ? place.Before.WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>The request is answered, or will not be: those behind it need not wait for it. Again, it does nothing.</summary>
    public void Leave(RequestId id)
    {
        if (_places.TryRemove(id, out var place))
        {
            place.Leave();
        }
    }

    private static string? ToolOf(JsonRpcRequest request) =>
        request.Params is JsonObject parameters && parameters["name"] is JsonValue name && name.GetValueKind() == JsonValueKind.String ? name.GetValue<string>() : null;

    /// <param name="before">Ends with all that came before.</param>
    private sealed class Place(Task before)
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Before { get; } = before;

        public Task Left => _left.Task;

        public void Leave() => _left.TrySetResult();
    }
}
