using Savepoint.Model;

namespace Savepoint;

/// <summary>A branch that was made, and what its working copy came to. (The seed's BranchResult.)</summary>
public sealed record BranchResult
{
    /// <summary>The branch.</summary>
    public required BranchSummary Branch { get; init; }

    /// <summary>The snapshot of what was unrecorded in the workspace; null if nothing was.</summary>
    public SnapshotNumber? Captured { get; init; }

    /// <summary>How many files were copied; 0 for an overlay whose base was there.</summary>
    public long FileCount { get; init; }

    /// <summary>Their lengths together.</summary>
    public long SizeBytes { get; init; }

    /// <summary>How many of them share their blocks with the original, so that they take no room until they are written to.</summary>
    public long ClonedCount { get; init; }

    /// <summary>What was not copied: pipes, sockets, devices, and what cannot be read.</summary>
    public IReadOnlyList<SkippedEntry> LeftOut { get; init; } = [];

    /// <summary>Ignored links whose absolute target lay in the workspace, and lies in the copy now.</summary>
    public IReadOnlyList<WorkspacePath> Retargeted { get; init; } = [];

    /// <summary>Recorded links whose absolute target lies in the workspace: writing through one writes there.</summary>
    public IReadOnlyList<WorkspacePath> LeadingBack { get; init; } = [];

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }
}

/// <summary>A branch that was deleted.</summary>
/// <param name="Branch">The branch as it was last.</param>
/// <param name="Captured">The snapshot of what was unrecorded in its working copy; null if nothing was.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record DeletedBranch(BranchSummary Branch, SnapshotNumber? Captured, TimeSpan Elapsed)
{
    /// <summary>What was in its working copy and could not be recorded, so that it is gone; empty unless the deletion was forced.</summary>
    public IReadOnlyList<SkippedEntry> Unrecorded { get; init; } = [];
}
