using System.Globalization;

namespace Savepoint.Events;

/// <summary>
/// Where an event stands in the order of a store's events, which is the order of their commits, whatever process they came
/// from. Written <c>42</c> for the event of snapshot 42, <c>42.7</c> for event 7, which came after that snapshot and before
/// the next.
/// </summary>
/// <param name="Snapshot">The newest snapshot at the time; 0 before the first.</param>
/// <param name="Event">The event's own number, 1 or more; 0 for a snapshot's.</param>
public readonly record struct EventPosition(long Snapshot, long Event) : IComparable<EventPosition>
{
    /// <summary>Before all events.</summary>
    public static EventPosition Start => default;

    /// <summary>A position as <see cref="ToString"/> writes it; null if the text is none.</summary>
    public static EventPosition? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (snapshot, number) = dot < 0 ? (text, "0") : (text[..dot], text[(dot + 1)..]);
        return TryParseNumber(snapshot) is { } s && TryParseNumber(number) is { } e ? new EventPosition(s, e) : null;
    }

    /// <inheritdoc/>
    public int CompareTo(EventPosition other) => (Snapshot, Event).CompareTo((other.Snapshot, other.Event));

    /// <summary>The position in digits, with which to go on later.</summary>
    public override string ToString() =>
        Event == 0 ? Snapshot.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Snapshot}.{Event}");

    /// <summary>Whether <paramref name="left"/> came first.</summary>
    public static bool operator <(EventPosition left, EventPosition right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> came later.</summary>
    public static bool operator >(EventPosition left, EventPosition right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> did not come later.</summary>
    public static bool operator <=(EventPosition left, EventPosition right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> did not come first.</summary>
    public static bool operator >=(EventPosition left, EventPosition right) => left.CompareTo(right) >= 0;

    private static long? TryParseNumber(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
