using System.Text.Json;
using Savepoint.Cli.Arguments;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>What an undo, redo, rollback or revert did.</summary>
internal static class RestoreJson
{
    public static void Write(Utf8JsonWriter json, RestoreResult result, SnapshotManager workspace, ResolvedRevision resolved)
    {
        json.WriteStartObject();
        resolved.Write(json);
        json.WritePosition(workspace, result.Snapshot ?? result.Drift); // of a restore that had nothing to do, or failed, what it captured first
        json.WriteString("ending", JsonNames.Of(result.Ending));
        json.WriteSnapshot("target", result.Target);
        json.WriteStartArray("files");
        foreach (var file in result.Files)
        {
            WriteFile(json, file, result.Ending);
        }

        json.WriteEndArray();
        ConflictJson.Write(json, result);
        json.WriteBoolean("verified", result.IsVerified);
        json.WriteSnapshot("drift", result.Drift);
        json.WriteString("gitNote", result.GitNote);
        json.WriteElapsed(result.Elapsed);
        json.WriteEndObject();
    }

    /// <summary>One path. What would be done is not done: a dry run leaves each as it was.</summary>
    public static void WriteFile(Utf8JsonWriter json, RestoredFile file, RestoreEnding ending)
    {
        var result = ending == RestoreEnding.DryRun ? RestoreFileResult.Unchanged : file.Result;
        json.WriteStartObject();
        json.WritePath("path", file.Path);
        json.WriteString("action", JsonNames.Of(file.Action));
        json.WriteString("result", JsonNames.Of(result));
        if (file.Reason is { } reason)
        {
            json.WriteString("reason", reason);
        }

        json.WriteEndObject();
    }
}
