using System.Text;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Editing;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary>Runs one of the editing tools.</summary>
internal delegate Task<EditResult> EditRun(EditingTools tools, ToolArguments arguments, CaptureContext context, CancellationToken cancellationToken);

/// <summary>One of the seed's editing tools: what it writes is a snapshot of its own, all of it or nothing.</summary>
/// <param name="name">Its name.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">For a model.</param>
/// <param name="parameters">What it takes.</param>
/// <param name="run">Does it.</param>
internal sealed class EditTool(string name, string title, string description, IReadOnlyList<ToolParameter> parameters, EditRun run) : McpTool(name, title, ToolEffect.Writes, description)
{
    private const int MaxFiles = 50;

    public override IReadOnlyList<ToolParameter> Parameters { get; } = parameters;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var result = await run(new EditingTools(call.Workspace), call.Arguments, call.Context, cancellationToken).ConfigureAwait(false);
        var failed = result.MultiFileResults.Where(file => !file.Success).Take(MaxFiles).ToList();
        var text = new StringBuilder(result.Message);
        foreach (var file in failed)
        {
            text.Append($"\n{SafeText.Of(file.Path)}: {file.Message}");
        }

        if (!result.Success)
        {
            return ToolFailure.Answer("edit-refused", text.ToString(), hint: null);
        }

        var (diff, leftOut) = PatchAnswer.Cut(result.Diff);
        text.Append(result.Snapshot is { } snapshot ? $" This is snapshot {snapshot}; undo takes it back.\n{diff}" : "").Append(leftOut > 0 ? $"… {leftOut} more lines: show has them" : "");
        return new ToolAnswer(text.ToString(), json => Write(json, result, diff, leftOut));
    }

    private static void Write(Utf8JsonWriter json, EditResult result, string diff, int leftOut)
    {
        json.WriteBoolean("success", result.Success);
        json.WriteString("message", result.Message);
        json.WriteSnapshot("snapshot", result.Snapshot);
        json.WriteSnapshot("drift", result.Drift);
        json.WriteNumber("changesApplied", result.ChangesApplied);
        json.WriteStartArray("affectedFiles");
        foreach (var path in result.AffectedFiles.Take(MaxFiles))
        {
            json.WriteStringValue(SafeText.Of(path));
        }

        json.WriteEndArray();
        json.WriteString("diff", diff);
        if (leftOut > 0)
        {
            json.WriteNumber("leftOutLines", leftOut);
        }
    }
}
