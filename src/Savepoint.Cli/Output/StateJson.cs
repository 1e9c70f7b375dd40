using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>What stood at a path, as <c>before</c> and <c>after</c> have it.</summary>
internal static class StateJson
{
    public static void Write(Utf8JsonWriter json, string name, FileState state, IContentSource contents)
    {
        json.WriteStartObject(name);
        switch (state)
        {
            case FileState.Regular file:
                json.WriteString("type", "file");
                json.WriteString("mode", file.Mode.ToString());
                json.WriteNumber("size", file.SizeBytes);
                json.WriteString("sha256", file.Content.ToString());
                break;
            case FileState.Symlink link:
                json.WriteString("type", "symlink");
                json.WriteNumber("size", link.SizeBytes);
                json.WriteText("target", contents.Read(link.Target));
                break;
            case FileState.Directory directory:
                json.WriteString("type", "directory");
                json.WriteString("mode", directory.Mode.ToString());
                break;
            default:
                json.WriteString("type", "absent");
                break;
        }

        json.WriteEndObject();
    }
}
