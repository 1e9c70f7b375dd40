using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>The <c>changes</c> of a snapshot or a diff.</summary>
internal static class ChangeJson
{
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<FileChange> changes, IContentSource contents)
    {
        json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WritePath("path", change.Path);
            json.WriteString("kind", JsonNames.Of(change.Kind));
            if (change.OldPath is { } old)
            {
                json.WritePath("oldPath", old);
            }

            StateJson.Write(json, "before", change.Before, contents);
            StateJson.Write(json, "after", change.After, contents);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
