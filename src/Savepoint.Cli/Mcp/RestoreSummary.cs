using System.Text;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Cli.Verbs;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>What an undo, redo or rollback did, for a model.</summary>
internal static class RestoreSummary
{
    private const int MaxFiles = 50;

    /// <param name="tool">What was asked for.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="next">What to do next, if it was done or would be.</param>
    public static ToolAnswer Answer(string tool, RestoreResult result, string next)
    {
        if (result.Ending == RestoreEnding.Failed)
        {
            return ToolFailure.Answer(RestoreAnswer.Failure(tool, result));
        }

        if (result.Ending == RestoreEnding.Conflicted)
        {
            return Conflict(tool, result);
        }

        return new ToolAnswer(Text(tool, result, next), json => Write(json, result));
    }

    private static ToolAnswer Conflict(string tool, RestoreResult result)
    {
        var ways = tool == "revert" ? "writeMarkers writes both versions of lines that conflict; paths and hunk revert a part." : "revert takes back a part of it, or writes both versions with writeMarkers.";
        var text = new StringBuilder(result.Snapshot is { } snapshot
            ? $"Snapshot {result.Target} conflicts with later work; all else was taken back; {ConflictText.Written(result.Conflicts)}. This is snapshot {snapshot}: mend each, or undo all of it."
            : $"Snapshot {result.Target} conflicts with later work. Nothing was written. {ways}");
        foreach (var conflict in result.Conflicts.Take(MaxFiles))
        {
            text.Append('\n').Append(ConflictText.Line(conflict, isWritten: result.Snapshot is not null));
        }

        return new ToolAnswer(text.ToString(), json =>
        {
            json.WriteString("error", "conflict");
            json.WriteSnapshot("snapshot", result.Snapshot);
            json.WriteSnapshot("target", result.Target);
            ConflictJson.Write(json, result);
        })
        { IsError = result.Snapshot is null };
    }

    private static string Text(string tool, RestoreResult result, string next)
    {
        var count = Quantity.Of(result.Files.Count(file => file.Result == RestoreFileResult.Done), "path");
        var text = new StringBuilder(result.Ending switch
        {
            RestoreEnding.NothingToDo => $"Nothing to {tool}.",
            RestoreEnding.DryRun => $"Would restore snapshot {result.Target}: {count}; nothing is done yet. {next}",
            _ => $"{(result.IsInversion ? "Took back" : "Restored the state of")} snapshot {result.Target}{(result.StepCount > 1 ? $" and {result.StepCount - 1} later" : "")}: {count}, {(result.IsVerified ? "checked" : "not all of them could be checked")}. This is snapshot {result.Snapshot}; {next}",
        });
        if (result.Drift is { } drift)
        {
            text.Append($" What was not recorded before is in snapshot {drift}.");
        }

        if (result.GitNote is { } note)
        {
            text.Append($" Note: {note}");
        }

        foreach (var file in result.Files.Take(MaxFiles))
        {
            text.Append($"\n{JsonNames.Of(file.Action)} {SafeText.Of(file.Path)}{(file.Reason is { } reason ? $" ({JsonNames.Of(file.Result)}: {SafeText.Of(reason)})" : "")}");
        }

        return result.Files.Count > MaxFiles ? text.Append($"\n… and {result.Files.Count - MaxFiles} more paths").ToString() : text.ToString();
    }

    private static void Write(Utf8JsonWriter json, RestoreResult result)
    {
        json.WriteString("ending", JsonNames.Of(result.Ending));
        json.WriteSnapshot("snapshot", result.Snapshot);
        json.WriteSnapshot("target", result.Target);
        json.WriteSnapshot("drift", result.Drift);
        json.WriteBoolean("verified", result.IsVerified);
        json.WriteNumber("fileCount", result.Files.Count);
        json.WriteStartArray("files");
        foreach (var file in result.Files.Take(MaxFiles))
        {
            RestoreJson.WriteFile(json, file, result.Ending);
        }

        json.WriteEndArray();
    }
}
