using Savepoint.Cli.Output;
using Savepoint.Cli.Verbs;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>checkpoint</c>: records everything, and gives the state a name.</summary>
internal sealed class CheckpointTool() : McpTool("checkpoint", "Checkpoint", ToolEffect.Records,
    "Save a named checkpoint of the whole workspace before something risky; rollback NAME returns to it.")
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("name", ParameterKind.Text, "Letters, digits, '-', '_': no '@' or ':', not all digits.") { IsRequired = true },
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var name = call.Arguments.Text("name")!;
        if (Label.NameProblem(name) is { } problem)
        {
            throw new UsageException($"'{name}' is no name for a checkpoint: {problem}.", "Choose another.");
        }

        CheckpointVerb.RefuseTaken(call.Workspace, name, "Choose another name.");
        var captured = await call.Workspace.CaptureAsync(null, call.Context, cancellationToken).ConfigureAwait(false);
        var label = call.Workspace.AddLabel(name, captured.Snapshot?.Number ?? call.Workspace.Head!.Value, Retention.Permanent, call.Context.Actor.Session);
        var recorded = captured.Snapshot is { } snapshot ? $", with {Quantity.Of(snapshot.Changes.Count, "change")} recorded just now" : "";
        var missing = string.Concat(CoverageText.Lines(captured.Coverage).Select(line => $"\n{line}"));
        return new ToolAnswer($"Checkpoint {label.Name} is snapshot {label.Snapshot}{recorded}. rollback with revision {label.Name} returns to it.{missing}", json =>
        {
            json.WriteString("name", label.Name);
            json.WriteSnapshot("snapshot", label.Snapshot);
            json.WriteNumber("recordedChanges", captured.Snapshot?.Changes.Count ?? 0);
            CoverageJson.Write(json, captured.Coverage);
        });
    }
}
