using System.Text;
using System.Text.Json;
using Savepoint.Cli.Clients;

namespace Savepoint.Cli.Output;

/// <summary>The answer of <c>install</c> and <c>uninstall</c>.</summary>
internal static class ClientJson
{
    public static void Write(Utf8JsonWriter json, Client client, Installation target, IReadOnlyList<FileEdit> edits, IReadOnlyList<string> notes, bool isDryRun)
    {
        json.WriteStartObject();
        json.WriteString("client", client.Name);
        json.WriteString("scope", target.ScopeWord);
        json.WriteString("directory", target.Directory);
        json.WriteBoolean("dryRun", isDryRun);
        json.WriteBoolean("changed", !isDryRun && edits.Any(edit => edit.IsChange));
        json.WriteStartArray("files");
        foreach (var edit in edits)
        {
            json.WriteStartObject();
            json.WriteString("path", edit.File);
            json.WriteString("action", edit.Action);
            // A client's file may hold secrets: it is shown when that is asked for.
            json.WriteString("patch", isDryRun && edit.IsChange ? Encoding.UTF8.GetString(ConfigPatch.Of(edit).ToBytes()) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (var note in notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
