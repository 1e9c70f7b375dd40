namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>undo</c>: steps back.</summary>
internal sealed class UndoTool() : McpTool("undo", "Undo", ToolEffect.Writes,
    "Undo the last file change, or the last few: restores the exact files from before, whoever or whatever changed them. Repeated, it goes further back; redo reverses it.")
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } = [new("steps", ParameterKind.Number, "How many operations; default 1.")];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken) =>
        RestoreSummary.Answer(Name, await call.Workspace.UndoAsync(call.Arguments.Number("steps") ?? 1, call.Context, cancellationToken).ConfigureAwait(false), "redo takes this back.");
}
