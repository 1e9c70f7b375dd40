namespace Savepoint.Model;

/// <summary>What a session, or one turn of it, did, in numbers.</summary>
/// <param name="TurnCount">The turns its snapshots name.</param>
/// <param name="OperationCount">The operations its snapshots stand for; going back and forth is none.</param>
/// <param name="FileCount">The files and links it touched, those too whose change it took back itself.</param>
/// <param name="AddedLineCount">Lines that its combined diff adds.</param>
/// <param name="DeletedLineCount">Lines that its combined diff deletes.</param>
/// <param name="UndoCount">The undos that took back operations of it, whoever asked for them.</param>
/// <param name="Duration">From its first snapshot to its last; 0 or more, even if the clock was set back.</param>
public sealed record SessionStatistics(
    long TurnCount, long OperationCount, long FileCount, long AddedLineCount, long DeletedLineCount, long UndoCount, TimeSpan Duration);
