using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>What a merge could not bring together: paths, kinds, and of texts the lines, 1 for the first.</summary>
internal static class ConflictJson
{
    /// <summary>Writes <c>conflicts</c>, and <c>written</c>: whether the workspace was written to.</summary>
    public static void Write(Utf8JsonWriter json, RestoreResult result)
    {
        json.WriteBoolean("written", result.Snapshot is not null);
        WriteConflicts(json, result.Conflicts);
    }

    /// <summary>Writes <c>conflicts</c>.</summary>
    public static void WriteConflicts(Utf8JsonWriter json, IReadOnlyList<MergeConflict> conflicts)
    {
        json.WriteStartArray("conflicts");
        foreach (var conflict in conflicts)
        {
            json.WriteStartObject();
            json.WritePath("path", conflict.Path);
            json.WriteString("kind", JsonNames.Of(conflict.Kind));
            json.WriteStartArray("ranges");
            foreach (var range in conflict.Ranges)
            {
                json.WriteStartObject();
                WriteLines(json, "base", range.Base);
                WriteLines(json, "ours", range.Ours);
                WriteLines(json, "theirs", range.Theirs);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("others");
            foreach (var other in conflict.Others)
            {
                json.WriteNumberValue(other.Value);
            }

            json.WriteEndArray();
            WriteMarkers(json, conflict);
            WriteTheirs(json, conflict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Where both versions stand between markers; null where what ours has stands.</summary>
    private static void WriteMarkers(Utf8JsonWriter json, MergeConflict conflict)
    {
        if (conflict.MarkedPath is not { } marked)
        {
            json.WriteNull("markers");
            return;
        }

        json.WriteStartObject("markers");
        json.WritePath("path", marked);
        json.WriteEndObject();
    }

    /// <summary>Where the other side is to be found; null where it has nothing.</summary>
    private static void WriteTheirs(Utf8JsonWriter json, MergeConflict conflict)
    {
        if (conflict.TheirPath is not { } path)
        {
            json.WriteNull("theirs");
            return;
        }

        json.WriteStartObject("theirs");
        json.WriteSnapshot("snapshot", conflict.TheirSnapshot);
        json.WritePath("path", path);
        json.WriteString("type", conflict.Theirs switch { FileState.Regular => "file", FileState.Symlink => "symlink", _ => "directory" });
        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, string name, LineRange lines)
    {
        json.WriteStartObject(name);
        json.WriteNumber("start", lines.Start + 1);
        json.WriteNumber("count", lines.Count);
        json.WriteEndObject();
    }
}
