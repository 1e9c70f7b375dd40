using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>The <c>watcher</c> of a workspace.</summary>
internal static class WatcherJson
{
    public static void Write(Utf8JsonWriter json, WatcherStatus? watcher)
    {
        if (watcher is null)
        {
            json.WriteNull("watcher");
            return;
        }

        json.WriteStartObject("watcher");
        json.WriteNumber("process", watcher.Process);
        json.WriteTime("since", watcher.Since);
        json.WriteNumber("directories", watcher.DirectoryCount);
        json.WriteBoolean("limited", watcher.IsLimited);
        json.WriteEndObject();
    }
}
