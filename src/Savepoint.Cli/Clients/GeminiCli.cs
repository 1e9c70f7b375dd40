using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Clients;

/// <summary>Gemini CLI: everything in its settings.</summary>
internal sealed class GeminiCli() : Client("gemini", "Gemini CLI")
{
    private const string Servers = "mcpServers";
    private const int TimeoutMilliseconds = TimeoutSeconds * 1000;

    private static readonly string[] Events = ["SessionStart", "BeforeAgent", "BeforeTool", "AfterTool", "AfterAgent", "SessionEnd"];

    public override IReadOnlyList<ConfigPart> Parts(Installation target)
    {
        var home = (target.IsUser ? UserFolders.GeminiHome : null) ?? target.Directory;
        var wanted = WantedJson.Object(json =>
        {
            json.WriteHooks(HookCommand.For(Name, target), Events.Select(name => (name, TimeoutMilliseconds)));
            json.WriteServers(Servers, target.Program);
        });
        return [new JsonPart(Path.Combine(home, ".gemini", "settings.json"), Name, wanted, Servers)];
    }

    public override IReadOnlyList<string> Advice(Installation target) => target.IsUser ? [] : ["Gemini CLI reads a project's settings only if you trust the folder"];
}
