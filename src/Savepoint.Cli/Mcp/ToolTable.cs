using Savepoint.Cli.Mcp.Tools;

namespace Savepoint.Cli.Mcp;

/// <summary>All tools, in the order in which a model reads them. What no verb does yet is not in it.</summary>
internal static class ToolTable
{
    /// <summary>Looking, then going back, then naming and checking, then trying.</summary>
    public static IReadOnlyList<McpTool> All { get; } =
    [
        new HistoryTool(), new ShowTool(), new DiffTool(), new BlameTool(),
        new UndoTool(), new RedoTool(), new RollbackTool(), new RevertTool(), new MergeTool(),
        new CheckpointTool(), new CheckTool(),
        new TryTool(), new ExperimentsTool(), new BisectTool(),
    ];
}
