using System.Text.Json;
using Savepoint.Cli.ConfigText;
using Savepoint.Cli.Hooks;

namespace Savepoint.Cli.Clients;

/// <summary>
/// What an installation put into one file, so that it can be taken out again to the byte: after it, nobody could tell whether
/// the empty object around ours was there before, or the file itself.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="IsMade">Whether it was not there.</param>
/// <param name="Folders">The directories that were not there, the outermost first.</param>
/// <param name="Insertions">What was put into it, and where.</param>
internal sealed record Receipt(string File, bool IsMade, IReadOnlyList<string> Folders, IReadOnlyList<TextInsertion> Insertions)
{
    public void WriteTo(Stream destination)
    {
        using var json = new Utf8JsonWriter(destination, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("file", File);
        json.WriteBoolean("made", IsMade);
        json.WriteStartArray("folders");
        foreach (var folder in Folders)
        {
            json.WriteStringValue(folder);
        }

        json.WriteEndArray();
        json.WriteStartArray("insertions");
        foreach (var (at, bytes) in Insertions)
        {
            json.WriteStartObject();
            json.WriteNumber("at", at);
            json.WriteBase64String("bytes", bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="JsonException">It is none.</exception>
    /// <exception cref="FormatException">It is none.</exception>
    public static Receipt Parse(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        return new Receipt(
            HookPayload.Text(root, "file") ?? throw new FormatException("no file"),
            HookPayload.IsTrue(root, "made"),
            [.. Elements(root, "folders").Select(folder => folder.ToString())],
            [.. Elements(root, "insertions").Select(insertion => new TextInsertion(HookPayload.Number(insertion, "at") ?? throw new FormatException("no offset"), Convert.FromBase64String(HookPayload.Text(insertion, "bytes") ?? "")))]);
    }

    private static List<JsonElement> Elements(JsonElement from, string name) =>
        HookPayload.Member(from, name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];
}
