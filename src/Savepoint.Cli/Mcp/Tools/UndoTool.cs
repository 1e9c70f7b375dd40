using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>undo</c>: steps back, over everybody's operations or one actor's.</summary>
internal sealed class UndoTool() : McpTool("undo", "Undo", ToolEffect.Writes,
    "Undo the last file change, or the last few: restores the exact files from before, whoever or whatever changed them. Repeated, it goes further back; redo reverses it. With session, agent or turn only its changes are taken back; later work of others stays.")
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("steps", ParameterKind.Number, "Default 1."),
        new("session", ParameterKind.Text),
        new("agent", ParameterKind.Text),
        new("turn", ParameterKind.Text),
        new("all", ParameterKind.Flag, "All that it did."),
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var workspace = call.Workspace;
        var whose = new Actor(call.Arguments.Text("agent"), call.Arguments.Text("session"), call.Arguments.Text("turn"));
        var isAll = call.Arguments.Flag("all") == true && whose != Actor.Unknown;
        var steps = isAll ? int.MaxValue : call.Arguments.Number("steps") ?? 1; // as many as there are
        var result = whose == Actor.Unknown
            ? await workspace.UndoAsync(steps, call.Context, cancellationToken).ConfigureAwait(false)
            : await workspace.UndoAsync(whose, steps, call.Context, cancellationToken: cancellationToken).ConfigureAwait(false);
        return RestoreSummary.Answer(Name, result, result.StepCount == 1 ? "redo takes this back." : $"redo with steps {result.StepCount} takes this back.");
    }
}
