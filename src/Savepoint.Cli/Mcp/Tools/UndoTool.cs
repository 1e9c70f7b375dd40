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
        var steps = Steps(call.Arguments, whose);
        var result = whose == Actor.Unknown
            ? await workspace.UndoAsync(steps, call.Context, cancellationToken).ConfigureAwait(false)
            : await workspace.UndoAsync(whose, steps, call.Context, cancellationToken: cancellationToken).ConfigureAwait(false);
        return RestoreSummary.Answer(Name, result, result.StepCount == 1 ? "redo takes this back." : $"redo with steps {result.StepCount} takes this back.");
    }

    /// <summary>As on the command line: who asks for all and gets one step, or one step less than all, has been misunderstood.</summary>
    private static int Steps(ToolArguments arguments, Actor whose)
    {
        var (steps, isAll) = (arguments.Number("steps"), arguments.Flag("all") == true);
        return !isAll ? steps ?? 1
            : whose == Actor.Unknown ? throw new UsageException("All of everybody's operations is the whole history.", "rollback goes back to a state; all goes with session, agent or turn.")
            : steps is not null ? throw new UsageException("A number of steps and all exclude each other.")
            : int.MaxValue; // as many as there are
    }
}
