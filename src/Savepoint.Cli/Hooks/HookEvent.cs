using Savepoint.Model;

namespace Savepoint.Cli.Hooks;

/// <summary>What a client's hook tells of.</summary>
internal enum HookEventKind
{
    /// <summary>Nothing that concerns the tree.</summary>
    Other,

    /// <summary>It was too long to be read: anything may be under way.</summary>
    Unread,
    SessionBegan,
    TurnBegan,
    ToolBegins,

    /// <summary>Well or not: a failed command may have changed files.</summary>
    ToolEnded,

    /// <summary>What ran in the background has ended.</summary>
    BackgroundEnded,
    SubagentEnded,
    TurnEnded,
    SessionEnded,

    /// <summary>The client asks for a directory to work apart in.</summary>
    WorktreeWanted,

    /// <summary>It needs such a directory no more.</summary>
    WorktreeUnwanted,
}

/// <summary>One event of a client's hooks, in our words.</summary>
/// <param name="Kind">What it tells of.</param>
/// <param name="Name">As the client names it.</param>
/// <param name="Actor">Whose, as far as the event tells.</param>
internal sealed record HookEvent(HookEventKind Kind, string Name, Actor Actor)
{
    /// <summary>Whether a sub-agent tells it.</summary>
    public bool IsSubagent { get; init; }

    /// <summary>When it happened, by its client's clock; null if the event does not tell.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The project's directory; null if the event does not tell.</summary>
    public string? ProjectDirectory { get; init; }

    /// <summary>What a relative path in the tool's input is relative to.</summary>
    public string? CurrentDirectory { get; init; }

    public string? Tool { get; init; }

    public ToolTarget Target { get; init; } = ToolTarget.Nothing;

    /// <summary>The command line of a shell tool; null for others.</summary>
    public string? Command { get; init; }

    public CallOutcome? Outcome { get; init; }

    public string? Prompt { get; init; }

    /// <summary>What a directory to work apart in is to be called, or where the one is that is not needed any more.</summary>
    public string? Worktree { get; init; }
}
