using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Clients;

/// <summary>Claude Code: hooks in its settings, servers in a file of their own or, for the user, in its state file.</summary>
internal sealed class ClaudeCode() : Client("claude-code", "Claude Code")
{
    private const string Servers = "mcpServers";

    private static readonly string[] Events = ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStop", "Stop", "SessionEnd"];

    public override IReadOnlyList<ConfigPart> Parts(Installation target)
    {
        var own = UserFolders.ClaudeConfig;
        var settings = Path.Combine(target.IsUser ? own ?? Path.Combine(target.Directory, ".claude") : Path.Combine(target.Directory, ".claude"), "settings.json");
        var servers = target.IsUser ? Path.Combine(own ?? target.Directory, ".claude.json") : Path.Combine(target.Directory, ".mcp.json");
        return
        [
            new JsonPart(settings, Name, WantedJson.Object(json => json.WriteHooks(Events, HookCommand.For(Name, target), TimeoutSeconds)), servers: null),
            new JsonPart(servers, Name, WantedJson.Object(json => json.WriteServers(Servers, target.Program)), Servers),
        ];
    }

    public override IReadOnlyList<string> Advice(Installation target) => target.IsUser ? [] : ["Claude Code asks at its next start here whether to use the MCP server of .mcp.json"];
}
