using System.Text.Json;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// Makes a <see cref="HookEvent"/> of what a client writes. Claude Code, Codex and Gemini CLI share one form and differ in
/// names; our plug-in for opencode writes the same form.
/// </summary>
internal static partial class HookReader
{
    public static HookEvent Read(string client, JsonElement payload)
    {
        var name = HookPayload.Text(payload, "hook_event_name") ?? "";
        var input = HookPayload.Member(payload, "tool_input");
        var tool = HookPayload.Name(payload, "tool_name");
        var prompt = HookPayload.Text(payload, "prompt");
        var isSubagent = HookPayload.Name(payload, "agent_id") is not null;
        var kind = KindOf(name) is var told && told == HookEventKind.TurnEnded && isSubagent ? HookEventKind.SubagentEnded : told;
        var background = client == "claude-code" && kind == HookEventKind.TurnBegan && prompt is not null ? TaskNotification().Match(prompt) : Match.Empty;
        return new HookEvent(background.Success ? HookEventKind.BackgroundEnded : kind, name, new Actor(
            AgentOf(client, payload),
            HookPayload.Name(payload, "session_id"),
            HookPayload.Name(payload, "prompt_id", "turn_id"),
            background.Success ? (background.Groups[1] is { Success: true, Value: var call } ? call : null) : HookPayload.Name(payload, "tool_use_id", "call_id")))
        {
            IsSubagent = isSubagent,
            Time = HookPayload.Time(payload, "timestamp"),
            ProjectDirectory = ProjectOf(client) ?? HookPayload.Text(payload, "cwd"),
            CurrentDirectory = HookPayload.Text(payload, "cwd"),
            Tool = tool,
            Target = tool is null ? ToolTarget.Nothing : ToolTarget.Of(tool, input),
            Command = tool is "Bash" or "bash" or "run_shell_command" or "shell" or "exec_command" or "local_shell" ? HookPayload.Text(input, "command", "cmd") : null,
            Outcome = kind == HookEventKind.ToolEnded ? OutcomeOf(name, payload, input) : null,
            Prompt = prompt,
            Worktree = HookPayload.Text(payload, kind == HookEventKind.WorktreeWanted ? "name" : "worktree_path"),
        };
    }

    /// <summary>An event that was too long to be read.</summary>
    public static HookEvent Unread(string client) => new(HookEventKind.Unread, "", new Actor(client)) { ProjectDirectory = ProjectOf(client) };

    // Claude Code, whose current directory moves, and Gemini CLI set it; another client may have been started by one of them.
    private static string? ProjectOf(string client) =>
        client is "claude-code" or "gemini" && Environment.GetEnvironmentVariable("CLAUDE_PROJECT_DIR") is { Length: > 0 } project ? project : null;

    private static HookEventKind KindOf(string name) => name switch
    {
        "SessionStart" => HookEventKind.SessionBegan,
        "UserPromptSubmit" or "BeforeAgent" => HookEventKind.TurnBegan,
        "PreToolUse" or "BeforeTool" => HookEventKind.ToolBegins,
        "PostToolUse" or "AfterTool" or "PostToolUseFailure" => HookEventKind.ToolEnded,
        "SubagentStop" => HookEventKind.SubagentEnded,
        "Stop" or "AfterAgent" => HookEventKind.TurnEnded,
        "SessionEnd" => HookEventKind.SessionEnded,
        "WorktreeCreate" => HookEventKind.WorktreeWanted,
        "WorktreeRemove" => HookEventKind.WorktreeUnwanted,
        _ => HookEventKind.Other,
    };

    // A sub-agent is an actor of its own, so that its work can be taken back by itself.
    private static string AgentOf(string client, JsonElement payload) =>
        HookPayload.Name(payload, "agent_id") is { } id ? $"{client}/{HookPayload.Name(payload, "agent_type") ?? "agent"}:{id}" : client;

    private static CallOutcome OutcomeOf(string name, JsonElement payload, JsonElement input)
    {
        var response = HookPayload.Member(payload, "tool_response");
        var text = HookPayload.Text(payload, "error") ?? HookPayload.Text(response, "llm_content") ?? HookPayload.StringOf(response);
        return new CallOutcome(
            HookPayload.Number(response, "exit") ?? HookPayload.ExitCodeIn(text) ?? (name == "PostToolUse" && HookPayload.Member(response, "stdout").ValueKind == JsonValueKind.String ? 0 : null),
            HookPayload.Milliseconds(payload, "duration_ms"),
            HookPayload.Text(response, "background_task_id") is not null || HookPayload.IsTrue(input, "run_in_background") || text?.Contains("\nBackground PIDs: ", StringComparison.Ordinal) == true);
    }

    // Claude Code tells of the end of a background command as if a user had written it; of one that was killed without the call's id.
    [GeneratedRegex(@"\A\s*<task-notification>(?:.*?<tool-use-id>([^<]{1,200})</tool-use-id>)?", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex TaskNotification();
}
