using System.Text;
using Savepoint.Cli.Output;
using Savepoint.Cli.Verbs;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>history</c>: the snapshots, newest first, so that one can be named.</summary>
internal sealed class HistoryTool() : McpTool("history", "History of changes", ToolEffect.Reads,
    "List recorded file changes (snapshots), newest first: number, time, who, tool, paths. Find the number to undo, revert, diff or roll back to.")
{
    private const int DefaultCount = 20;

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("limit", ParameterKind.Number, $"Default {DefaultCount}.") { Maximum = 200 },
        new("path", ParameterKind.Text, "Only changes of this file or directory."),
        new("session", ParameterKind.Text),
        new("agent", ParameterKind.Text),
        new("since", ParameterKind.Text, "Only after this revision."),
    ];

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var filter = new HistoryFilter
        {
            Path = call.Arguments.Text("path") is { } path ? call.PathOf(path) : null,
            Session = call.Arguments.Text("session"),
            Agent = call.Arguments.Text("agent"),
            Since = call.Arguments.Text("since") is null ? null : call.Workspace.Resolve(call.Revision("since", "@")),
        };
        var (snapshots, isAll) = await ReadAsync(call.Workspace, filter, call.Arguments.Number("limit") ?? DefaultCount, cancellationToken).ConfigureAwait(false);
        return Answer(call.Workspace, snapshots, isAll);
    }

    /// <summary>As many of the newest snapshots, with whether undos left each behind; whether these are all.</summary>
    internal static async Task<(List<(Snapshot Snapshot, bool IsUndone)> Snapshots, bool IsAll)> ReadAsync(SnapshotManager workspace, HistoryFilter? filter, int count, CancellationToken cancellationToken)
    {
        var (live, snapshots) = (new LiveChain(workspace), new List<(Snapshot, bool)>());
        await foreach (var snapshot in workspace.HistoryAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            if (snapshots.Count == count)
            {
                return (snapshots, false);
            }

            snapshots.Add((snapshot, live.IsUndone(snapshot)));
        }

        return (snapshots, true);
    }

    private static ToolAnswer Answer(SnapshotManager workspace, List<(Snapshot Snapshot, bool IsUndone)> snapshots, bool isAll)
    {
        var labels = workspace.Labels().ToLookup(label => label.Snapshot);
        var text = new StringBuilder();
        foreach (var (snapshot, isUndone) in snapshots)
        {
            text.Append(SnapshotText.Title(snapshot, labels[snapshot.Number], isUndone, default).TrimStart()).Append("  ");
            text.AppendLine(snapshot.Kind == SnapshotKind.Baseline ? Quantity.Of(snapshot.Changes.Count, "entry") : ChangeText.Summary(snapshot.Changes, default));
        }

        text.Append(snapshots.Count == 0 ? "No snapshot matches." : isAll ? "That is all." : "There are older ones: raise limit, or narrow with path.");
        return new ToolAnswer(text.ToString(), json =>
        {
            json.WriteStartArray("snapshots");
            foreach (var (snapshot, isUndone) in snapshots)
            {
                json.WriteStartObject();
                SnapshotSummary.WriteMembers(json, snapshot, labels[snapshot.Number], isUndone);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("isAll", isAll);
        });
    }
}
