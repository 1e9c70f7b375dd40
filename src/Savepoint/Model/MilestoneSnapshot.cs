namespace Savepoint.Model;

/// <summary>
/// A milestone as its archive (L3) has it, read without the rest of the store: the seed's <c>MilestoneSnapshot</c>.
/// Immutable.
/// </summary>
/// <param name="Metadata">The snapshot that was archived, with its changes.</param>
/// <param name="ProjectState">All that stood in the workspace.</param>
/// <param name="CompressedHistory">What the archive holds of the history since the one before it.</param>
/// <param name="QualityMetrics">What was found out about its states by the time it was archived.</param>
/// <param name="PerformanceBaseline">What had been measured last by then.</param>
/// <param name="Statistics">What happened since the milestone before.</param>
public sealed record MilestoneSnapshot(
    Snapshot Metadata,
    ProjectState ProjectState,
    CompressedHistory CompressedHistory,
    QualityMetrics QualityMetrics,
    PerformanceBaseline PerformanceBaseline,
    MilestoneStatistics Statistics);

/// <summary>The state of a whole workspace.</summary>
/// <param name="Entries">What stood at each path.</param>
public sealed record ProjectState(IReadOnlyDictionary<WorkspacePath, FileState> Entries);

/// <summary>The history that an archive holds, and what it takes.</summary>
/// <param name="Snapshots">The snapshots since the archive before it, the oldest first, each with its changes.</param>
/// <param name="Parent">The snapshot of the archive that it stands on; null for the first.</param>
/// <param name="ContentBytes">The bytes of all contents in it.</param>
/// <param name="FileBytes">What the file takes on disk, all in all.</param>
public sealed record CompressedHistory(IReadOnlyList<Snapshot> Snapshots, SnapshotNumber? Parent, long ContentBytes, long FileBytes);

/// <summary>What checks found out about the states of a milestone's history.</summary>
/// <param name="Verifications">The oldest first; empty if nothing was checked.</param>
public sealed record QualityMetrics(IReadOnlyList<Verification> Verifications);

/// <summary>What later measurements are compared with.</summary>
/// <param name="Snapshot">The state that was measured; null if none ever was.</param>
/// <param name="Figures">What was measured; empty if nothing was.</param>
public sealed record PerformanceBaseline(SnapshotNumber? Snapshot, IReadOnlyList<Figure> Figures);

/// <summary>What an archive holds, in numbers.</summary>
/// <param name="SnapshotCount">Snapshots since the archive before it.</param>
/// <param name="OperationCount">The operations they stand for.</param>
/// <param name="UndoCount">How many of them are undos and redos.</param>
/// <param name="ChangedPathCount">Paths that any of them changed.</param>
/// <param name="SessionCount">Agents' sessions among them.</param>
/// <param name="FirstTime">When the first was recorded.</param>
/// <param name="LastTime">When the last was.</param>
/// <param name="EntryCount">Entries of the workspace at the milestone: files, links, directories.</param>
/// <param name="ContentCount">Contents in it.</param>
/// <param name="ContentBytes">Their bytes.</param>
public sealed record MilestoneStatistics(
    long SnapshotCount, long OperationCount, long UndoCount, long ChangedPathCount, long SessionCount,
    DateTimeOffset FirstTime, DateTimeOffset LastTime, long EntryCount, long ContentCount, long ContentBytes);
