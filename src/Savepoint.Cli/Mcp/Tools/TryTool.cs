using System.Text;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>try</c>: several approaches, measured alike and ranked.</summary>
internal sealed class TryTool() : McpTool("try", "Try approaches", ToolEffect.Writes,
    "Try approaches (shell commands) side by side, each in its own copy; build, test, benchmark and rank them. Files change only with mergeBest.", runsCommands: true)
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("approaches", ParameterKind.Texts, "NAME=COMMAND each.") { IsRequired = true },
        new("build", ParameterKind.Text),
        new("test", ParameterKind.Text),
        new("bench", ParameterKind.Text),
        new("metrics", ParameterKind.Texts, "NAME=COMMAND[:min|:max] that prints a number."),
        new("timeoutSeconds", ParameterKind.Number, "For each command.") { Minimum = 1 },
        new("mergeBest", ParameterKind.Flag, "Merge the best."),
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (workspace, arguments) = (call.Workspace, call.Arguments);
        var evaluation = new Evaluation
        {
            Commands = new CheckCommands(arguments.Text("build"), arguments.Text("test"), arguments.Text("bench")),
            Metrics = ExperimentArgument.Metrics(arguments.Texts("metrics") ?? []),
        };
        var options = new ExperimentOptions
        {
            TimeLimit = arguments.Number("timeoutSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : ExperimentOptions.Default.TimeLimit,
            MergesBest = arguments.Flag("mergeBest") ?? false,
            Context = call.Context,
        };
        var approaches = ExperimentArgument.Approaches(arguments.Texts("approaches") ?? []);
        var result = await new ExperimentManager(workspace).TryApproachesAsync(approaches, evaluation, options, cancellationToken).ConfigureAwait(false);
        return Answer(result);
    }

    private static ToolAnswer Answer(ExperimentResult result)
    {
        var (experiment, conflicts) = (result.Experiment, result.Merge?.Restore.Conflicts ?? []);
        var text = new StringBuilder();
        foreach (var line in ExperimentText.Ranking(experiment, default))
        {
            text.AppendLine(line);
        }

        text.Append(conflicts.Count > 0 ? "The best conflicts with what was done here meanwhile; nothing was written:" : ExperimentText.Next(experiment));
        foreach (var conflict in conflicts)
        {
            text.Append('\n').Append(ConflictText.Line(conflict, sides: ConflictSides.Branches));
        }

        var problem = conflicts.Count > 0 ? "conflict" : experiment.Winner is null ? "none-passed" : null;
        return new ToolAnswer(text.ToString(), json =>
        {
            if (problem is not null)
            {
                json.WriteString("error", problem);
            }

            ExperimentJson.WriteMembers(json, experiment);
            ConflictJson.WriteConflicts(json, conflicts);
        })
        { IsError = problem is not null };
    }
}
