using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Clients;

/// <summary>Codex: hooks in a file of their own, servers in its configuration.</summary>
internal sealed class Codex() : Client("codex", "Codex")
{
    private static readonly string[] Events = ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "SubagentStop", "Stop", "SessionEnd"];

    public override IReadOnlyList<ConfigPart> Parts(Installation target)
    {
        var folder = (target.IsUser ? UserFolders.CodexHome : null) ?? Path.Combine(target.Directory, ".codex");
        return
        [
            new JsonPart(Path.Combine(folder, "hooks.json"), Name, WantedJson.Object(json => json.WriteHooks(HookCommand.For(Name, target), Events.Select(name => (name, TimeoutSeconds)))), servers: null),
            new TomlPart(Path.Combine(folder, "config.toml"), target.Program),
        ];
    }

    public override IReadOnlyList<string> Advice(Installation target) =>
    [
        "Codex runs new hooks only when you have reviewed them: start 'codex' and enter /hooks. Until then it skips them, 'codex exec' without a word",
        .. target.IsUser ? Array.Empty<string>() : ["Codex reads a project's settings only if you trust the project"],
    ];
}
