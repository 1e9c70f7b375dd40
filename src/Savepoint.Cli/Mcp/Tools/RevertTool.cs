using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>revert</c>: takes one operation back and keeps all that came later.</summary>
internal sealed class RevertTool() : McpTool("revert", "Revert one change", ToolEffect.Writes,
    "Take back one earlier change and keep all later work (three-way merge, like git revert). Where later work changed the same lines, nothing is written and the conflicts are listed.")
{
    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("snapshot", ParameterKind.Text, "Its number, from history.") { IsRequired = true },
        new("paths", ParameterKind.Texts, "Only what it did to these."),
        new("hunk", ParameterKind.Number, "Only this hunk of its diff, 1 for the first."),
        new("writeMarkers", ParameterKind.Flag, "Write both versions of conflicting lines between markers. Default false."),
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var revision = call.Revision("snapshot", "@");
        if (revision is Revision.BeforeTurn or Revision.BeforeSession)
        {
            throw new UsageException("turn:ID and session:ID name the state before them, not a change.", "undo with turn or session takes back what it did.");
        }

        var options = new RevertOptions { Paths = call.Paths("paths"), HunkNumber = call.Arguments.Number("hunk"), WritesMarkers = call.Arguments.Flag("writeMarkers") ?? false };
        var result = await call.Workspace.RevertAsync(call.Workspace.Resolve(revision), options, call.Context, cancellationToken).ConfigureAwait(false);
        return RestoreSummary.Answer(Name, result, "undo takes this back.");
    }
}
