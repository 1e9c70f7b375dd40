using System.Text;
using Savepoint.Cli.Output;
using Savepoint.Cli.Verbs;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>show</c>: what one snapshot did, or one turn or session.</summary>
internal sealed class ShowTool() : McpTool("show", "Show a change", ToolEffect.Reads,
    "Show what one snapshot, or a whole turn or session of an agent, changed: who, when, and the diff.")
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("revision", ParameterKind.Text, "Default @, the newest; turn:ID or session:ID for all that it did."),
        new("paths", ParameterKind.Texts, "Only these."),
        new("stat", ParameterKind.Flag, "Only count lines."),
    ];

    public override Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var revision = call.Revision("revision", "@");
        var (paths, isStatOnly) = (call.Paths("paths"), call.Arguments.Flag("stat") ?? false);
        return Task.FromResult(ActorWork.Find(call.Workspace, revision, PatchAnswer.Options) is { } work
            ? Work(call.Workspace, work, paths, isStatOnly)
            : Single(call.Workspace, call.Workspace.Resolve(revision), paths, isStatOnly));
    }

    private static ToolAnswer Single(SnapshotManager workspace, SnapshotNumber number, WorkspacePath[]? paths, bool isStatOnly)
    {
        // From memory, where the layers have it; but a baseline is a whole tree.
        var snapshot = workspace.GetSnapshot(number);
        var operation = PatchAnswer.Comparable(snapshot.Changes).Count == snapshot.Changes.Count ? workspace.FindOperation(number) : null;
        var labels = workspace.Labels().Where(label => label.Snapshot == number).ToList();
        var isUndone = new LiveChain(workspace).IsUndone(snapshot);
        var answer = paths is null && operation is not null
            ? new PatchAnswer(operation.Diff, snapshot.Changes, isStatOnly)
            : PatchAnswer.Of(Within(snapshot.Changes, paths), workspace.Contents, isStatOnly);
        var text = new StringBuilder().AppendLine(SnapshotText.Title(snapshot, labels, isUndone, default).TrimStart());
        answer.AppendTo(text);
        return new ToolAnswer(text.ToString(), json =>
        {
            SnapshotSummary.WriteMembers(json, snapshot, labels, isUndone);
            answer.WriteMembers(json);
        });
    }

    private static ToolAnswer Work(SnapshotManager workspace, SessionSnapshot work, WorkspacePath[]? paths, bool isStatOnly)
    {
        var answer = paths is null ? new PatchAnswer(work.CombinedDiff, work.Changes, isStatOnly) : PatchAnswer.Of(Within(work.Changes, paths), workspace.Contents, isStatOnly);
        var text = new StringBuilder();
        foreach (var snapshot in work.Operations)
        {
            text.AppendLine(SnapshotText.Title(snapshot, [], isUndone: false, default).TrimStart());
        }

        text.AppendLine(SessionText.Of(work.Statistics));
        answer.AppendTo(text);
        return new ToolAnswer(text.ToString(), json =>
        {
            json.WriteSnapshot("from", work.Before);
            json.WriteSnapshot("to", work.Newest.Number);
            json.WriteStartArray("snapshots");
            foreach (var snapshot in work.Operations)
            {
                json.WriteNumberValue(snapshot.Number.Value);
            }

            json.WriteEndArray();
            SessionJson.WriteInterleaved(json, work.Interleaved);
            answer.WriteMembers(json);
        });
    }

    private static IReadOnlyList<FileChange> Within(IReadOnlyList<FileChange> changes, WorkspacePath[]? paths) =>
        paths is null ? changes : [.. changes.Where(change => Array.Exists(paths, change.Path.IsWithin))];
}
