using System.Text.Json;
using Savepoint.Editing;
using Savepoint.Model;

namespace Savepoint.Extensions.AI;

/// <summary>Results as JSON for a model, with the seed's names.</summary>
internal static class ToolResult
{
    // A model has no use for the thousands of names of a folder that it deleted; the message says how many there were.
    private const int MaxListed = 100;

    public static JsonElement Failed(string message) => ToolSchema.Written(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("success", false);
        json.WriteString("message", message);
        json.WriteEndObject();
    });

    public static JsonElement Of(EditResult result, int maxDiffLength) => ToolSchema.Written(json =>
    {
        var isCut = result.Diff.Length > maxDiffLength;
        json.WriteStartObject();
        json.WriteBoolean("success", result.Success);
        json.WriteString("message", result.Message);
        json.WriteString("diff", isCut ? Cut(result, maxDiffLength) : result.Diff);
        json.WriteBoolean("diffIsComplete", result.IsDiffComplete && !isCut);
        json.WriteNumber("changesApplied", result.ChangesApplied);
        WritePaths(json, "affectedFiles", result.AffectedFiles);
        json.WriteStartArray("multiFileResults");
        foreach (var file in result.MultiFileResults.Take(MaxListed))
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path.ToString());
            json.WriteBoolean("success", file.Success);
            json.WriteNumber("changesApplied", file.ChangesApplied);
            json.WriteString("message", file.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteSnapshot(json, result.Snapshot);
        json.WriteEndObject();
    });

    public static JsonElement Of(RestoreResult result, string nothing) => ToolSchema.Written(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("success", result.Ending is RestoreEnding.Restored or RestoreEnding.NothingToDo);
        json.WriteString("message", result.Ending switch
        {
            RestoreEnding.Restored => $"The state of snapshot {result.Target} is back, recorded as snapshot {result.Snapshot}.{(result.Drift is { } drift ? $" What was unrecorded before is in snapshot {drift}." : "")}",
            RestoreEnding.NothingToDo => nothing,
            _ => $"{(result.IsTakenBack ? "Nothing was changed" : "Some files were restored, and others could not be")}: {result.Files.FirstOrDefault(file => file.Result == RestoreFileResult.Failed)?.Reason}",
        });
        WritePaths(json, "affectedFiles", result.Files.Where(file => file.Result == RestoreFileResult.Done).Select(file => file.Path));
        WriteSnapshot(json, result.Snapshot);
        json.WriteEndObject();
    });

    /// <summary>The whole lines that fit, and where the rest is.</summary>
    private static string Cut(EditResult result, int maxDiffLength)
    {
        var kept = result.Diff[..(result.Diff.LastIndexOf('\n', maxDiffLength) + 1)];
        return $"{kept}# {result.Diff.Length - kept.Length} more characters are left out here; snapshot {result.Snapshot} has them.\n";
    }

    private static void WritePaths(Utf8JsonWriter json, string name, IEnumerable<WorkspacePath> paths)
    {
        json.WriteStartArray(name);
        foreach (var path in paths.Take(MaxListed))
        {
            json.WriteStringValue(path.ToString());
        }

        json.WriteEndArray();
    }

    private static void WriteSnapshot(Utf8JsonWriter json, SnapshotNumber? snapshot)
    {
        if (snapshot is { } number)
        {
            json.WriteNumber("snapshot", number.Value);
        }
        else
        {
            json.WriteNull("snapshot");
        }
    }
}
