using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Clients;

/// <summary>Claude Code: hooks in its settings, servers in a file of their own or, for the user, in its state file.</summary>
internal sealed class ClaudeCode() : Client("claude-code", "Claude Code")
{
    private const string Servers = "mcpServers";

    private static readonly string[] Events = ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStop", "Stop", "SessionEnd"];

    /// <summary>What asks for a copy of the workspace, or ends one: the client waits as long as that takes.</summary>
    private static readonly string[] LongEvents = ["WorktreeCreate", "WorktreeRemove"];

    private const int LongTimeoutSeconds = 600;

    public override IReadOnlyList<ConfigPart> Parts(Installation target)
    {
        var own = UserFolders.ClaudeConfig;
        var settings = Path.Combine(target.IsUser ? own ?? Path.Combine(target.Directory, ".claude") : Path.Combine(target.Directory, ".claude"), "settings.json");
        var servers = target.IsUser ? Path.Combine(own ?? target.Directory, ".claude.json") : Path.Combine(target.Directory, ".mcp.json");
        return
        [
            new JsonPart(settings, Name, WantedJson.Object(json => json.WriteHooks(HookCommand.For(Name, target), [.. Events.Select(name => (name, TimeoutSeconds)), .. LongEvents.Select(name => (name, LongTimeoutSeconds))])), servers: null),
            new JsonPart(servers, Name, WantedJson.Object(json => json.WriteServers(Servers, target.Program)), Servers),
        ];
    }

    public override IReadOnlyList<string> Advice(Installation target) => target.IsUser ? [] : ["Claude Code asks at its next start here whether to use the MCP server of .mcp.json"];
}
