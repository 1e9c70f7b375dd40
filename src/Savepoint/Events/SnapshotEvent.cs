namespace Savepoint.Events;

/// <summary>
/// Something that happened to a store's history, one of the seed's seven, or a decision of the policies. What goes in: commits of any process. What comes
/// out: typed records in the order of those commits, by <see cref="SnapshotManager.EventsAsync"/>.
/// </summary>
public abstract record SnapshotEvent
{
    private protected SnapshotEvent()
    {
    }

    /// <summary>Its place in the order; what is given to <see cref="SnapshotManager.EventsAsync"/> to go on behind it. <see cref="EventPosition.Start"/> until it is recorded.</summary>
    public EventPosition Position { get; init; }

    /// <summary>When, by the clock of the machine. Order comes from <see cref="Position"/>, never from this.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The seed's name for this kind of event, as <c>snapshot:created</c>.</summary>
    public abstract string Name { get; }
}
