using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>A snapshot as an object for a model: as in <c>log --json</c>, without what is unknown and without states and hashes.</summary>
internal static class SnapshotSummary
{
    private const int MaxChanges = 10;

    public static void WriteMembers(Utf8JsonWriter json, Snapshot snapshot, IEnumerable<Label> labels, bool isUndone)
    {
        json.WriteSnapshot("snapshot", snapshot.Number);
        json.WriteTime("time", snapshot.Time);
        json.WriteString("kind", JsonNames.Of(snapshot.Kind));
        WriteAuthor(json, snapshot);
        WriteKnown(json, "message", snapshot.Message);
        if (snapshot.ExitCode is { } exitCode)
        {
            json.WriteNumber("exitCode", exitCode);
        }

        if (snapshot.Target is { } target)
        {
            json.WriteSnapshot("target", target);
        }

        if (isUndone)
        {
            json.WriteBoolean("undone", true);
        }

        if (labels.Any())
        {
            json.WriteStartArray("labels");
            foreach (var label in labels)
            {
                json.WriteStringValue(label.Name);
            }

            json.WriteEndArray();
        }

        WriteChanges(json, snapshot.Changes);
    }

    /// <summary>Who made it with what, as far as it is known.</summary>
    public static void WriteAuthor(Utf8JsonWriter json, Snapshot? snapshot)
    {
        WriteKnown(json, "agent", snapshot?.Actor.Agent);
        WriteKnown(json, "session", snapshot?.Actor.Session);
        WriteKnown(json, "turn", snapshot?.Actor.Turn);
        WriteKnown(json, "tool", snapshot?.Tool);
    }

    /// <summary>How many paths changed, and the first of them.</summary>
    private static void WriteChanges(Utf8JsonWriter json, IReadOnlyList<FileChange> changes)
    {
        json.WriteNumber("changeCount", changes.Count);
        json.WriteStartArray("changes");
        foreach (var change in changes.Take(MaxChanges))
        {
            json.WriteStartObject();
            json.WritePath("path", change.Path);
            json.WriteString("kind", JsonNames.Of(change.Kind));
            if (change.OldPath is { } old)
            {
                json.WritePath("oldPath", old);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKnown(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
