using System.Text.Json;

namespace Savepoint.Cli.Output;

/// <summary>What a merge did.</summary>
internal static class MergeJson
{
    public static void Write(Utf8JsonWriter json, MergeResult result, SnapshotManager workspace)
    {
        json.WriteStartObject();
        json.WritePosition(workspace, result.Restore.Snapshot);
        json.WriteString("ending", JsonNames.Of(result.Restore.Ending));
        json.WriteString("merged", result.Branch);
        json.WriteSnapshot("theirs", result.Theirs);
        json.WriteSnapshot("base", result.Base);
        json.WriteBoolean("fastForward", result.IsFastForward);
        json.WriteStartArray("files");
        foreach (var file in result.Restore.Files)
        {
            RestoreJson.WriteFile(json, file, result.Restore.Ending);
        }

        json.WriteEndArray();
        ConflictJson.Write(json, result.Restore);
        json.WriteBoolean("verified", result.Restore.IsVerified);
        json.WriteSnapshot("drift", result.Restore.Drift);
        json.WriteSnapshot("captured", result.Captured);
        json.WriteElapsed(result.Restore.Elapsed);
        json.WriteEndObject();
    }
}
