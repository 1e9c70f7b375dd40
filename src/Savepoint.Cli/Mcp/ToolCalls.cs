using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// Calls of tools: finds the tool, checks the arguments, takes the workspace, runs it, and makes every failure an answer
/// that says what to do instead.
/// </summary>
internal sealed class ToolCalls(OpenWorkspace open, IReadOnlyList<McpTool> tools, CallOrder order, CancellationToken ending)
{
    private readonly Dictionary<string, McpTool> _tools = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    private readonly Lock _counting = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay = 1; // the server itself

    /// <summary>Opens the workspace in the background, so that the first call finds it warm. What stands in the way is told to that call.</summary>
    public void WarmUp()
    {
        Begin();
        _ = Task.Run(WarmUpAsync, CancellationToken.None);
    }

    public ValueTask<ListToolsResult> List(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ListToolsResult { Tools = [.. tools.Select(tool => tool.Describe())] });

    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var asked = request.Params ?? throw new McpProtocolException("The parameters are missing.", McpErrorCode.InvalidParams);
        if (!_tools.TryGetValue(asked.Name, out var tool))
        {
            throw new McpProtocolException($"There is no tool '{asked.Name}'. The tools are {string.Join(", ", _tools.Keys)}.", McpErrorCode.InvalidParams);
        }

        Begin();
        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending);
            var progress = tool.IsLong && asked.ProgressToken is { } token ? new ProgressNotes(request.Server, token, tool.Name) : null;
            await using (progress)
            {
                await order.AwaitAsync(request.JsonRpcRequest.Id, linked.Token).ConfigureAwait(false);
                if (tool.RunsCommands)
                {
                    order.Leave(request.JsonRpcRequest.Id); // it takes minutes, and writes, if at all, at its end
                }

                return await RunAsync(tool, request, asked, linked.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            order.Leave(request.JsonRpcRequest.Id);
            End();
        }
    }

    /// <summary>Waits for what is under way. What writes files goes on to its end, as a signal lets it in any verb.</summary>
    public Task EndAsync()
    {
        End();
        return _idle.Task;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The edge of the process: a failed call must not end the server.")]
    private async Task<CallToolResult> RunAsync(McpTool tool, RequestContext<CallToolRequestParams> request, CallToolRequestParams asked, CancellationToken cancellationToken)
    {
        HeldWorkspace? held = null;
        try
        {
            var arguments = new ToolArguments(tool.Parameters, asked.Arguments);
            held = await open.TakeAsync(cancellationToken).ConfigureAwait(false);
            await held.Workspace.FinishInterruptedAsync(cancellationToken).ConfigureAwait(false);
            var context = new CaptureContext { Actor = Caller.Of(held.Workspace, tool.Name, (request.JsonRpcRequest.Context?.ClientInfo ?? request.Server.ClientInfo)?.Name, asked.Meta), Tool = $"savepoint.{tool.Name}" };
            var answer = await tool.RunAsync(new ToolCall(held.Workspace, arguments, context), cancellationToken).ConfigureAwait(false);
            return Result(answer, held.Workspace);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception failure)
        {
            return Result(ToolFailure.Answer(failure), held?.Workspace);
        }
        finally
        {
            if (held is not null)
            {
                held.Warm();
                await held.GiveBackAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>An answer as the protocol has it; with the workspace's head where there is a workspace.</summary>
    public static CallToolResult Result(ToolAnswer answer, SnapshotManager? workspace) => new()
    {
        Content = [new TextContentBlock { Text = answer.Text }],
        StructuredContent = JsonMembers.Element(json =>
        {
            answer.Write(json);
            if (HeadOf(workspace) is { } head)
            {
                json.WriteNumber("head", head.Value);
            }
        }),
        IsError = answer.IsError,
    };

    private static SnapshotNumber? HeadOf(SnapshotManager? workspace)
    {
        try
        {
            return workspace?.Head;
        }
        catch (SavepointException)
        {
            return null; // what the call failed with says more
        }
    }

    private async Task WarmUpAsync()
    {
        try
        {
            await (await open.TakeAsync(ending).ConfigureAwait(false)).GiveBackAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SavepointException or UsageException or OperationCanceledException)
        {
            // The first call meets it again, and has somebody to tell.
        }
        finally
        {
            End();
        }
    }

    private void Begin()
    {
        lock (_counting)
        {
            _underWay++;
        }
    }

    private void End()
    {
        lock (_counting)
        {
            if (--_underWay == 0)
            {
                _idle.SetResult();
            }
        }
    }
}
