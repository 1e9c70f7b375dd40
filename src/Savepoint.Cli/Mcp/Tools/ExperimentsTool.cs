using System.Text;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>experiments</c>: what was tried before.</summary>
internal sealed class ExperimentsTool() : McpTool("experiments", "Past experiments", ToolEffect.Reads,
    "List past experiments, or show one: ranking, measurements, output of failed commands.")
{
    private const int DefaultCount = 10;
    private const int MaxOutputLines = 40;

    public override IReadOnlyList<ToolParameter> Parameters { get; } = [new("id", ParameterKind.Number, "Which one; without it, a list.") { Minimum = 1 }];

    public override Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var manager = new ExperimentManager(call.Workspace);
        if (call.Arguments.Number("id") is { } id)
        {
            return Task.FromResult(Of(manager.Find(id) ?? throw new SavepointException(ErrorCode.UnknownRevision, $"There is no experiment {id}.", "Without id this lists them.")));
        }

        var experiments = manager.Experiments(DefaultCount);
        var text = experiments.Count == 0 ? "Nothing was tried yet." : string.Join('\n', experiments.Select(experiment => ExperimentText.Title(experiment, default).TrimStart()));
        return Task.FromResult(new ToolAnswer(text, json =>
        {
            json.WriteStartArray("experiments");
            foreach (var experiment in experiments)
            {
                json.WriteStartObject();
                json.WriteNumber("experiment", experiment.Id);
                json.WriteSnapshot("base", experiment.Base);
                json.WriteString("winner", experiment.Winner);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    private static ToolAnswer Of(Experiment experiment)
    {
        var text = new StringBuilder(ExperimentText.Title(experiment, default).TrimStart());
        foreach (var line in ExperimentText.Ranking(experiment, default))
        {
            text.Append('\n').Append(line);
        }

        foreach (var approach in experiment.Approaches.Where(approach => !approach.IsEligible && approach.Output.Length > 0))
        {
            text.Append($"\n{SafeText.Of(approach.Name)} wrote, at the end:");
            foreach (var line in approach.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(MaxOutputLines))
            {
                text.Append($"\n  {SafeText.Of(line)}");
            }
        }

        return new ToolAnswer(text.ToString(), json => ExperimentJson.WriteMembers(json, experiment));
    }
}
