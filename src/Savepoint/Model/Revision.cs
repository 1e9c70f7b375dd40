using System.Globalization;

namespace Savepoint.Model;

/// <summary>
/// A name for a snapshot, as the command line takes it: <c>42</c>, <c>@</c>, <c>@-3</c>, <c>@{10m}</c>,
/// <c>@{2026-11-22T10:00}</c>, <c>turn:ID</c>, <c>session:ID</c>, or the name of a label or branch.
/// </summary>
public abstract record Revision
{
    private Revision()
    {
    }

    /// <summary>The head of the current branch.</summary>
    public static Revision Head { get; } = new BeforeHead(0);

    /// <summary>Reads a revision. Whether it exists is another question.</summary>
    /// <exception cref="FormatException">The text is no revision.</exception>
    public static Revision Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "" => throw new FormatException("A revision is empty."),
            "@" => Head,
            _ when text.All(char.IsAsciiDigit) => new Numbered(new SnapshotNumber(ParseCount(text, text))),
            _ when text.StartsWith("@-", StringComparison.Ordinal) => new BeforeHead(ParseCount(text[2..], text)),
            _ when text.StartsWith("@{", StringComparison.Ordinal) && text.EndsWith('}') => ParseTime(text[2..^1]),
            _ when text.StartsWith("turn:", StringComparison.Ordinal) && text.Length > 5 => new BeforeTurn(text[5..]),
            _ when text.StartsWith("session:", StringComparison.Ordinal) && text.Length > 8 => new BeforeSession(text[8..]),
            _ when Label.NameProblem(text) is { } problem => throw new FormatException($"'{text}' is no revision: {problem}. Known forms: 42, @, @-3, @{{10m}}, @{{2026-11-22T10:00}}, turn:ID, session:ID, a label, a branch."),
            _ => new Named(text),
        };
    }

    private static long ParseCount(string digits, string text) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new FormatException($"'{text}' is no revision: a number is expected, like @-3.");

    private static Revision ParseTime(string text)
    {
        if (text.Length >= 2 && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && UnitOf(text[^1]) is { } unit && count <= 1_000_000)
        {
            return new Ago(unit * count);
        }

        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault, out var time) && text.Contains('-', StringComparison.Ordinal)
            ? new At(time)
            : throw new FormatException($"'@{{{text}}}' names no time: @{{10m}} (s, m, h, d, w) or @{{2026-11-22T10:00}} are expected.");
    }

    private static TimeSpan? UnitOf(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };

    /// <summary>A snapshot by number.</summary>
    /// <param name="Number">Its number.</param>
    public sealed record Numbered(SnapshotNumber Number) : Revision;

    /// <summary>So many snapshots before the head.</summary>
    /// <param name="Count">0 for the head itself.</param>
    public sealed record BeforeHead(long Count) : Revision;

    /// <summary>The state so long ago.</summary>
    /// <param name="Duration">How long.</param>
    public sealed record Ago(TimeSpan Duration) : Revision;

    /// <summary>The state at a time.</summary>
    /// <param name="Time">UTC if its kind says so, otherwise local.</param>
    public sealed record At(DateTime Time) : Revision;

    /// <summary>The state before an agent's turn began.</summary>
    /// <param name="Turn">The turn's id.</param>
    public sealed record BeforeTurn(string Turn) : Revision;

    /// <summary>The state before a session began.</summary>
    /// <param name="Session">The session's id.</param>
    public sealed record BeforeSession(string Session) : Revision;

    /// <summary>A label or a branch.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Named(string Name) : Revision;
}
