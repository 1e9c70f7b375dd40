namespace Savepoint.Model;

/// <summary>An archive of L3, as <c>SnapshotManager.Milestones</c> lists it.</summary>
/// <param name="Snapshot">The snapshot whose state it holds.</param>
/// <param name="Parent">The archive that it stands on; null if it stands alone.</param>
/// <param name="File">The file's path.</param>
/// <param name="SizeBytes">What the file takes on disk.</param>
/// <param name="Statistics">What it holds.</param>
public sealed record Milestone(SnapshotNumber Snapshot, SnapshotNumber? Parent, string File, long SizeBytes, MilestoneStatistics Statistics);

/// <summary>What <c>SnapshotManager.MilestoneAsync</c> did.</summary>
/// <param name="Label">The name and what it names.</param>
/// <param name="Archive">The archive that holds that snapshot.</param>
/// <param name="WasArchived">Whether it was archived before, so that only the name is new.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record MilestoneResult(Label Label, Milestone Archive, bool WasArchived, TimeSpan Elapsed);
