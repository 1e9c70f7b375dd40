using System.Text.Json;

namespace Savepoint.Cli.Hooks;

/// <summary>What a tool's call may write: nothing, the files that its input names, or anything.</summary>
/// <param name="MayWriteAnything">Whether only a look at the whole tree can tell.</param>
/// <param name="Paths">The files that it names, as written.</param>
/// <param name="IsUnlikely">Whether it seldom writes, as most tools of other servers.</param>
/// <param name="IsOwn">Whether it is a tool of our own server, which records what it does, and asks whose call it is.</param>
internal sealed record ToolTarget(bool MayWriteAnything, IReadOnlyList<string> Paths, bool IsUnlikely = false, bool IsOwn = false)
{
    // As the clients spell them: mcp__savepoint__undo, mcp_savepoint_undo, savepoint_undo.
    private static readonly string[] OwnPrefixes = ["mcp__savepoint__", "mcp_savepoint_", "savepoint_"];

    public static ToolTarget Nothing { get; } = new(false, []);

    public static ToolTarget Anything { get; } = new(true, []);

    /// <summary>
    /// What a call may write, by the tool's name as any of the clients has it. A tool that nobody here knows may write
    /// anything: to look in vain costs milliseconds, not to look costs somebody's work.
    /// </summary>
    public static ToolTarget Of(string tool, JsonElement input)
    {
        switch (tool)
        {
            case "Read" or "Glob" or "Grep" or "LS" or "NotebookRead" or "WebFetch" or "WebSearch" or "TodoWrite" or "TodoRead" or "ToolSearch" or "Skill"
                or "Task" or "Agent" or "TaskOutput" or "BashOutput" or "AskUserQuestion" or "EnterPlanMode" or "ExitPlanMode" or "ListMcpResourcesTool" or "ReadMcpResourceTool" // Claude Code; a sub-agent's own calls have hooks of their own
                or "view_image" or "update_plan" or "web_search" // Codex
                or "read_file" or "read_many_files" or "list_directory" or "glob" or "grep_search" or "search_file_content" or "google_web_search" or "web_fetch" or "write_todos" // Gemini CLI
                or "read" or "grep" or "list" or "webfetch" or "websearch" or "todowrite" or "todoread" or "task" or "question" or "skill": // opencode
                return Nothing;
            case "Write" or "Edit" or "MultiEdit" or "NotebookEdit" or "write_file" or "replace" or "write" or "edit" or "multiedit":
                return HookPayload.Text(input, "file_path", "notebook_path") is { } path ? new ToolTarget(false, [path]) : Anything;
            case "apply_patch" or "patch":
                return HookPayload.Text(input, "command", "patch_text", "input", "patch") is { } patch && ApplyPatchPaths.In(patch) is { Count: > 0 } paths ? new ToolTarget(false, paths) : Anything;
            case "Bash" or "PowerShell" or "bash" or "run_shell_command" or "shell" or "local_shell" or "exec_command" or "write_stdin":
                return Anything;
            default:
                return OwnName(tool) is not null ? Nothing with { IsOwn = true } : Anything with { IsUnlikely = true };
        }
    }

    /// <summary>What our server calls this tool; null if it is none of ours.</summary>
    public static string? OwnName(string tool) =>
        Array.Find(OwnPrefixes, prefix => tool.StartsWith(prefix, StringComparison.Ordinal)) is { } own ? tool[own.Length..] : null;
}
