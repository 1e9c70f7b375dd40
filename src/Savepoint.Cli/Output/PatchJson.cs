using System.Text.Json;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>A diff as <c>stat</c>, lines per path, and <c>patch</c>, its text.</summary>
internal static class PatchJson
{
    public static void Write(Utf8JsonWriter json, Patch patch, IReadOnlyList<FileChange> changes)
    {
        json.WriteStartArray("stat");
        foreach (var stat in PatchStat.Of(patch, changes))
        {
            json.WriteStartObject();
            json.WritePath("path", stat.Path);
            json.WriteNumber("added", stat.AddedCount);
            json.WriteNumber("deleted", stat.DeletedCount);
            json.WriteBoolean("binary", stat.IsBinary);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteText("patch", patch.ToBytes());
    }
}
