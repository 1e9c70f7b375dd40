using System.Text.Json;
using System.Text.Json.Nodes;
using Savepoint.Cli.Hooks;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// Who calls, in the words of hooks, so that what a call records belongs to the turn in which it was made: the announced
/// call where the client has hooks, else what the request's <c>_meta</c> and the environment tell.
/// </summary>
internal static class Caller
{
    public static Actor Of(SnapshotManager workspace, string tool, string? clientName, JsonObject? meta)
    {
        var told = Told(clientName, meta);
        if (Announced(workspace, tool, told) is { } announced)
        {
            return announced;
        }

        return told.Session is { } session && told.Turn is null ? told with { Turn = workspace.CurrentTurn(session)?.Id } : told;
    }

    /// <summary>The call of the same id; of a client that gives none, the only one under way of this tool.</summary>
    private static Actor? Announced(SnapshotManager workspace, string tool, Actor told)
    {
        var calls = workspace.AnnouncedCalls();
        return told.ToolCall is { } id
            ? calls.FirstOrDefault(call => call.Actor.ToolCall == id)?.Actor
            : calls.Where(call => call.Tool is { } name && ToolTarget.OwnName(name) == tool && call.Actor.Agent?.Split('/')[0] == told.Agent).ToList() is [var only] ? only.Actor : null;
    }

    private static Actor Told(string? clientName, JsonObject? meta)
    {
        using var document = meta is null ? null : JsonDocument.Parse(meta.ToJsonString());
        var told = document?.RootElement ?? default;
        var turn = HookPayload.Member(told, "x-codex-turn-metadata");
        return new Actor(
            AgentOf(clientName),
            HookPayload.Text(turn, "session_id") ?? HookPayload.Text(told, "sessionId", "threadId") ?? SessionOfEnvironment(clientName),
            HookPayload.Text(turn, "turn_id"),
            HookPayload.Text(told, "claudecode/toolUseId", "callId"));
    }

    // Two clients name themselves otherwise here than their hooks are called.
    private static string? AgentOf(string? clientName) => clientName switch
    {
        "codex-mcp-client" => "codex",
        "gemini-cli-mcp-client" => "gemini",
        _ => clientName,
    };

    private static string? SessionOfEnvironment(string? clientName) =>
        clientName == "claude-code" && Environment.GetEnvironmentVariable("CLAUDE_CODE_SESSION_ID") is { Length: > 0 } session ? session : null;
}
