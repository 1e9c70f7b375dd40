using System.Text.Encodings.Web;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>rollback</c>: the files as they were at a revision. What it would do is told first, unless the call says otherwise.</summary>
internal sealed class RollbackTool() : McpTool("rollback", "Roll back", ToolEffect.Writes,
    "Restore the workspace, or some paths, to an earlier state (rollback, rewind). First call: a preview of what would change; then again with dryRun false. Nothing is lost: unrecorded changes are captured first, and undo takes it back.")
{
    private const int MaxNamed = 20;

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("revision", ParameterKind.Text, "The state to go to.") { IsRequired = true },
        new("paths", ParameterKind.Texts, "Only these files or directories."),
        new("dryRun", ParameterKind.Flag, "Default true: only tell. False: do it."),
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (workspace, revision) = (call.Workspace, call.Revision("revision", "@"));
        var target = workspace.Resolve(revision);
        if (revision is Revision.Numbered { Number: var asked } && workspace.FindMerged(asked) is { IsFreed: true })
        {
            throw new SavepointException(ErrorCode.UnknownRevision, $"The state of snapshot {asked} was freed by compaction.", $"The nearest that is there is {target}: name that one.");
        }

        var isDryRun = call.Arguments.Flag("dryRun") ?? true;
        var result = await workspace.RollbackAsync(target, call.Paths("paths"), isDryRun, call.Context, cancellationToken).ConfigureAwait(false);
        return RestoreSummary.Answer(Name, result, isDryRun ? $"To do it, call rollback again with dryRun false, revision {target}{Only(call)}." : "undo takes this back.");
    }

    /// <summary>What was shown is what is to be done: without its paths the call would restore everything.</summary>
    private static string Only(ToolCall call) => call.Arguments.Texts("paths") switch
    {
        null => "",
        { Length: > MaxNamed } => " and the same paths",
        var paths => $" and paths [{string.Join(",", paths.Select(path => $"\"{JsonEncodedText.Encode(path, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""))}]",
    };
}
