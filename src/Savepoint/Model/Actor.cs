namespace Savepoint.Model;

/// <summary>Who made a change: agent, session, turn and tool call, each as the client names it, null where unknown.</summary>
/// <param name="Agent">The program: <c>claude-code</c>, <c>codex</c>, …</param>
/// <param name="Session">One conversation.</param>
/// <param name="Turn">One prompt and all that it led to.</param>
/// <param name="ToolCall">One call of a tool.</param>
public sealed record Actor(string? Agent = null, string? Session = null, string? Turn = null, string? ToolCall = null)
{
    /// <summary>Nobody is known to have made it.</summary>
    public static Actor Unknown { get; } = new();
}
