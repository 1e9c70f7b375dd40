using System.Text.Json;
using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Clients;

/// <summary>opencode: a plug-in file instead of hooks, servers in its configuration, which may be JSON or JSONC.</summary>
internal sealed class OpenCode() : Client("opencode", "opencode")
{
    private const string Servers = "mcp";

    public override IReadOnlyList<ConfigPart> Parts(Installation target) => Parts(target, root => [ConfigFileIn(root)]);

    /// <summary>It reads both files, and its user may have made one of the other.</summary>
    public override IReadOnlyList<ConfigPart> PartsToTakeOut(Installation target) =>
        Parts(target, root => ConfigFilesIn(root).Where(File.Exists).DefaultIfEmpty(ConfigFileIn(root)));

    private List<ConfigPart> Parts(Installation target, Func<string, IEnumerable<string>> files)
    {
        var config = target.IsUser ? UserFolders.ConfigHome ?? Path.Combine(target.Directory, ".config") : null;
        var root = config is null ? target.Directory : Path.Combine(config, "opencode");
        var wanted = WantedJson.Object(json => WriteServer(json, target.Program));
        var whole = WantedJson.Object(json =>
        {
            json.WriteString("$schema", "https://opencode.ai/config.json"); // opencode adds it where it is missing
            WriteServer(json, target.Program);
        });
        return
        [
            new PluginPart(Path.Combine(config is null ? Path.Combine(root, ".opencode") : root, "plugins", "savepoint.js"), target),
            .. files(root).Select(file => new JsonPart(file, Name, wanted, Servers, whole)),
        ];
    }

    public override IReadOnlyList<string> Advice(Installation target) => [];

    /// <summary>The file that is there, in the order in which opencode's own command looks; a new one is JSON.</summary>
    private static string ConfigFileIn(string root) => Array.Find(ConfigFilesIn(root), File.Exists) ?? ConfigFilesIn(root)[0];

    private static string[] ConfigFilesIn(string root) => [Path.Combine(root, "opencode.json"), Path.Combine(root, "opencode.jsonc")];

    private static void WriteServer(Utf8JsonWriter json, string program)
    {
        json.WriteStartObject(Servers);
        json.WriteStartObject(JsonPart.ServerName);
        json.WriteString("type", "local");
        json.WriteStartArray("command");
        json.WriteStringValue(program);
        json.WriteStringValue(ServerEntry.Verb);
        json.WriteEndArray();
        json.WriteBoolean("enabled", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
