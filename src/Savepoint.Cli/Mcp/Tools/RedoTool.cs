namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>redo</c>: steps forward again.</summary>
internal sealed class RedoTool() : McpTool("redo", "Redo", ToolEffect.Writes,
    "Redo what undo took back, one step or several. Only directly after an undo.")
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } = [new("steps", ParameterKind.Number, "Default 1.")];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken) =>
        RestoreSummary.Answer(Name, await call.Workspace.RedoAsync(call.Arguments.Number("steps") ?? 1, call.Context, cancellationToken).ConfigureAwait(false), "undo takes this back.");
}
