using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>One snapshot, as a line of <c>log</c> and in <c>show</c>.</summary>
internal static class SnapshotJson
{
    /// <summary>Writes the members of the object, which the caller opens and closes.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Snapshot snapshot, IEnumerable<Label> labels, bool isUndone, IContentSource contents)
    {
        json.WriteSnapshot("snapshot", snapshot.Number);
        json.WriteSnapshot("parent", snapshot.Parent);
        json.WriteString("branch", snapshot.Branch);
        json.WriteString("kind", JsonNames.Of(snapshot.Kind));
        json.WriteTime("time", snapshot.Time);
        WriteActor(json, snapshot);
        json.WriteString("message", snapshot.Message);
        if (snapshot.ExitCode is { } exitCode)
        {
            json.WriteNumber("exitCode", exitCode);
        }

        if (snapshot.Duration is { } duration)
        {
            json.WriteNumber("durationMs", Math.Round(duration.TotalMilliseconds, 3));
        }

        json.WriteNumber("operationCount", snapshot.OperationCount);
        if (snapshot.MergedFrom is { } first)
        {
            json.WriteStartArray("range");
            json.WriteNumberValue(first.Value);
            json.WriteNumberValue(snapshot.Number.Value);
            json.WriteEndArray();
        }

        json.WriteSnapshot("target", snapshot.Target);
        json.WriteBoolean("undone", isUndone);
        WriteGit(json, snapshot.Git);
        json.WriteStartArray("labels");
        foreach (var label in labels)
        {
            json.WriteStringValue(label.Name);
        }

        json.WriteEndArray();
        ChangeJson.WriteAll(json, snapshot.Changes, contents);
        CoverageJson.Write(json, snapshot.Coverage);
    }

    private static void WriteActor(Utf8JsonWriter json, Snapshot snapshot)
    {
        json.WriteString("agent", snapshot.Actor.Agent);
        json.WriteString("session", snapshot.Actor.Session);
        json.WriteString("turn", snapshot.Actor.Turn);
        json.WriteString("toolCall", snapshot.Actor.ToolCall);
        json.WriteString("tool", snapshot.Tool);
    }

    private static void WriteGit(Utf8JsonWriter json, GitHead? git)
    {
        if (git is null)
        {
            json.WriteNull("git");
            return;
        }

        json.WriteStartObject("git");
        json.WriteString("commit", git.Commit);
        json.WriteString("branch", git.Branch);
        json.WriteEndObject();
    }
}
