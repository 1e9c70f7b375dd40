namespace Savepoint.Model;

/// <summary>One agent conversation, as the history knows it without reading what it did.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Agent">The agent of its newest snapshot; null if not given.</param>
/// <param name="TurnCount">How many turns its snapshots name; 0 if none.</param>
/// <param name="SnapshotCount">How many snapshots bear it.</param>
/// <param name="First">When the first was recorded.</param>
/// <param name="Last">When the last was recorded.</param>
/// <param name="Newest">The newest of them.</param>
public sealed record SessionSummary(
    string Session, string? Agent, long TurnCount, long SnapshotCount, DateTimeOffset First, DateTimeOffset Last, SnapshotNumber Newest)
{
    /// <summary>All agents that its snapshots name, by name: one that hands its session on to another leaves two. Empty if none was given.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];
}
