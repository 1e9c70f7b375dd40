using System.Text;
using Savepoint.Cli.Output;
using Savepoint.Cli.Verbs;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>merge</c>: brings a branch's work into the one that is served.</summary>
internal sealed class MergeTool() : McpTool("merge", "Merge a branch", ToolEffect.Writes,
    "Merge a Savepoint branch into this workspace, as one snapshot. Where it conflicts, nothing is written and the conflicts are listed.")
{
    private const int MaxFiles = 50;

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("branch", ParameterKind.Text, "Its name.") { IsRequired = true },
        new("dryRun", ParameterKind.Flag, "Only tell what would change. Default false."),
        new("writeMarkers", ParameterKind.Flag, "Write both versions of conflicting lines between markers. Default false."),
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var options = new MergeOptions { IsDryRun = call.Arguments.Flag("dryRun") ?? false, WritesMarkers = call.Arguments.Flag("writeMarkers") ?? false };
        var result = await call.Workspace.MergeBranchAsync(call.Arguments.Text("branch")!, options, call.Context, cancellationToken).ConfigureAwait(false);
        if (result.Restore.Ending == RestoreEnding.Failed)
        {
            return ToolFailure.Answer(RestoreAnswer.Failure(Name, result.Restore));
        }

        return new ToolAnswer(Text(result), json => Write(json, result)) { IsError = result.Restore.Ending == RestoreEnding.Conflicted && result.Restore.Snapshot is null };
    }

    private static string Text(MergeResult result)
    {
        var (restore, count) = (result.Restore, Quantity.Of(result.Restore.Files.Count, "path"));
        var text = new StringBuilder(restore.Ending switch
        {
            RestoreEnding.NothingToDo => $"Nothing to merge: all of {result.Branch} is here.",
            RestoreEnding.DryRun => $"Would merge {result.Branch} (snapshot {result.Theirs}): {count}; nothing is done yet.",
            RestoreEnding.Conflicted when restore.Snapshot is { } marked => $"{result.Branch} conflicts; all else was merged; {ConflictText.Written(restore.Conflicts)}. This is snapshot {marked}: mend each, or undo all of it.",
            RestoreEnding.Conflicted => $"{result.Branch} conflicts. Nothing was written{(ConflictText.HasLines(restore.Conflicts) ? "; writeMarkers writes both versions of lines that conflict" : "; writeMarkers keeps what is here, and counts as merged")}.",
            _ => $"Merged {result.Branch} (snapshot {result.Theirs}): {count}, checked. This is snapshot {restore.Snapshot}; undo takes it back.",
        });
        foreach (var conflict in restore.Conflicts.Take(MaxFiles))
        {
            text.Append('\n').Append(ConflictText.Line(conflict, sides: ConflictSides.Branches, isWritten: restore.Snapshot is not null));
        }

        foreach (var file in restore.Conflicts.Count > 0 ? [] : restore.Files.Take(MaxFiles))
        {
            text.Append($"\n{JsonNames.Of(file.Action)} {SafeText.Of(file.Path)}");
        }

        return text.ToString();
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, MergeResult result)
    {
        if (result.Restore.Ending == RestoreEnding.Conflicted)
        {
            json.WriteString("error", "conflict");
        }

        json.WriteString("ending", JsonNames.Of(result.Restore.Ending));
        json.WriteSnapshot("snapshot", result.Restore.Snapshot);
        json.WriteSnapshot("theirs", result.Theirs);
        json.WriteSnapshot("base", result.Base);
        json.WriteNumber("fileCount", result.Restore.Files.Count);
        json.WriteStartArray("files");
        foreach (var file in result.Restore.Files.Take(MaxFiles))
        {
            RestoreJson.WriteFile(json, file, result.Restore.Ending);
        }

        json.WriteEndArray();
        ConflictJson.Write(json, result.Restore);
    }
}
