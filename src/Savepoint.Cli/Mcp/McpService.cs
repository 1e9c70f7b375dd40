using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// The server: the protocol's requests become calls of tools and reads of resources. All revisions of the protocol are
/// the SDK's business (docs/design/mcp.md says which).
/// </summary>
internal static class McpService
{
    private const string Instructions =
        "Savepoint records every change to this workspace, by tools, shell commands and people. Snapshots are numbered; undo, redo and rollback restore exact bytes and are snapshots themselves, so nothing is ever lost. "
        + "A revision is a number (42), @ (the newest), @-3 (three before it), @{10m} (ten minutes ago), turn:ID or session:ID (the state before it), or a checkpoint's name. Paths are relative to the workspace's root.";

    /// <summary>Serves until the input ends or it is cancelled; what is under way then is cancelled, and awaited.</summary>
    public static async Task RunAsync(OpenWorkspace workspace, IReadOnlyList<McpTool> tools, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var order = new CallOrder(tools);
        var calls = new ToolCalls(workspace, tools, order, ending.Token);
        calls.WarmUp();
        using var lines = new MessageLines(Console.OpenStandardInput(), StandardStream.Output(), order, cancellationToken);
        var sessions = Task.WhenAll(ServeAsync(lines.Stateless, Options(workspace, calls)), ServeAsync(lines.Initialized, Options(workspace, calls)));
        try
        {
            await lines.ReadAsync().ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await sessions.ConfigureAwait(false);
            await calls.EndAsync().ConfigureAwait(false);
        }
    }

    private static async Task ServeAsync(SessionTransport transport, McpServerOptions options)
    {
        var server = McpServer.Create(transport, options);
        await using (server.ConfigureAwait(false))
        {
            await server.RunAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static McpServerOptions Options(OpenWorkspace workspace, ToolCalls calls) => new()
    {
        ServerInfo = new Implementation { Name = "savepoint", Title = "Savepoint", Version = typeof(McpService).Assembly.GetName().Version!.ToString(3) },
        ServerInstructions = Instructions,
        ScopeRequests = false,
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = calls.List,
            CallToolHandler = calls.CallAsync,
            ListResourcesHandler = HistoryResources.List,
            ListResourceTemplatesHandler = HistoryResources.ListTemplates,
            ReadResourceHandler = new HistoryResources(workspace).ReadAsync,
        },
    };
}
