using System.Text;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>diff</c>: what differs between two states.</summary>
internal sealed class DiffTool() : McpTool("diff", "Compare two states", ToolEffect.Reads,
    "Compare two states of the workspace, or one with the files as they are now: unified diff of what changed. Without arguments: what is not recorded yet.")
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("from", ParameterKind.Text, "Revision; default @."),
        new("to", ParameterKind.Text, "Revision; default: the files as they are now."),
        new("paths", ParameterKind.Texts, "Only these."),
        new("stat", ParameterKind.Flag, "Only count lines."),
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var from = call.Workspace.Resolve(call.Revision("from", "@"));
        var to = call.Arguments.Text("to") is null ? (SnapshotNumber?)null : call.Workspace.Resolve(call.Revision("to", "@"));
        var (changes, patch) = await call.Workspace.DiffAsync(from, to, call.Paths("paths"), PatchAnswer.Options, cancellationToken).ConfigureAwait(false);
        var answer = new PatchAnswer(patch, changes, call.Arguments.Flag("stat") ?? false);
        var text = new StringBuilder().AppendLine($"From snapshot {from} to {(to is { } number ? $"snapshot {number}" : "the files as they are now")}: {(changes.Count == 0 ? "no difference" : Quantity.Of(changes.Count, "path"))}.");
        answer.AppendTo(text);
        return new ToolAnswer(text.ToString(), json =>
        {
            json.WriteSnapshot("from", from);
            json.WriteSnapshot("to", to);
            answer.WriteMembers(json);
        });
    }
}
