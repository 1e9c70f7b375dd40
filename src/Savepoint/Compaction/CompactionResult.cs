namespace Savepoint.Compaction;

/// <summary>What a compaction did.</summary>
/// <param name="Merges">How many merges each rule made.</param>
/// <param name="OperationCount">How many operations these stand for.</param>
/// <param name="SnapshotsBefore">How many snapshots the store held before.</param>
/// <param name="SnapshotsAfter">How many it holds now: as many, unless states were freed.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record CompactionResult(IReadOnlyDictionary<MergeRule, int> Merges, int OperationCount, long SnapshotsBefore, long SnapshotsAfter, TimeSpan Elapsed);
