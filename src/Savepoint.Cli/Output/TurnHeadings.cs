using Savepoint.Cli.Hooks;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>
/// What stands above the snapshots of one turn in a log: the turn and session in the form in which a revision takes them,
/// the agent, the prompt's first words. A history that knows no agents has none.
/// </summary>
internal sealed class TurnHeadings(SnapshotManager workspace, Paint paint)
{
    private const int MaxPromptLength = 60;

    private Actor _above = Actor.Unknown;
    private bool _isFirst = true;

    /// <summary>The heading above a snapshot; null if it is of the same turn, session and agent as the last that was asked about.</summary>
    public string? Above(Snapshot snapshot)
    {
        var actor = new Actor(Known(snapshot.Actor.Agent), Known(snapshot.Actor.Session), Known(snapshot.Actor.Turn));
        if (actor == _above)
        {
            _isFirst = false;
            return null;
        }

        var (isNobodys, isFirst) = (actor == Actor.Unknown, _isFirst);
        (_above, _isFirst) = (actor, false);
        return isNobodys && isFirst ? null : $"{paint.Dim("──")} {(isNobodys ? paint.Dim("no agent") : paint.Actor(Name(actor)) + Prompt(actor))}";
    }

    private static string Name(Actor actor)
    {
        string?[] parts = [Prefixed("turn:", actor.Turn), Prefixed("session:", actor.Session), actor.Agent];
        return SafeText.Of(string.Join("  ", parts.Where(part => part is not null)));
    }

    private string Prompt(Actor actor) =>
        actor is { Session: { } session, Turn: { } turn } && HookPayload.OneLine(workspace.FindAnnouncedTurn(session, turn)?.Prompt, MaxPromptLength) is { Length: > 0 } prompt
            ? $"  “{SafeText.Of(prompt)}”"
            : "";

    private static string? Prefixed(string prefix, string? text) => text is null ? null : prefix + text;

    private static string? Known(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
