using Savepoint.Model;

namespace Savepoint;

/// <content>Turns: the prompts that an agent was given, as its client tells of them.</content>
public sealed partial class SnapshotManager
{
    /// <summary>The longest part of a prompt that is kept, in UTF-16 units: enough to know it by.</summary>
    private const int MaxPromptLength = 500;

    /// <summary>By how much a client's clock may differ: it runs on this machine, and tells of what is now.</summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A prompt was given: what follows in its session belongs to it. Told of twice, as by a client that is set up twice, it is one turn.
    /// </summary>
    /// <param name="actor">Whose. A session is needed; a turn that its client has no name for gets one, of the session and a count.</param>
    /// <param name="prompt">The prompt, of which the beginning is kept; null if it is not known.</param>
    /// <param name="time">When, as the client tells: of a turn without a name, the same prompt at the same time is the same turn. Null if it does not.</param>
    public Turn BeginTurn(Actor actor, string? prompt, DateTimeOffset? time = null)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var session = actor.Session ?? throw new ArgumentException("A turn is of a session.", nameof(actor));
        var now = _options.Time.GetUtcNow();
        var told = time is { } value && (value - now).Duration() < MaxClockDifference ? time : null;
        return _store.Turns.Begin(session, actor, told ?? now, prompt is { Length: > MaxPromptLength } ? prompt[..MaxPromptLength] : prompt, isTimeTold: told is not null);
    }

    /// <summary>The newest turn of a session; null if none was announced.</summary>
    public Turn? CurrentTurn(string session) => _store.Turns.Newest(session);

    /// <summary>A turn of a session; null if it was not announced by <see cref="BeginTurn"/>.</summary>
    public Turn? FindAnnouncedTurn(string session, string turn) => _store.Turns.Find(session, turn);
}
