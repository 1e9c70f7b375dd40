using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>A change as an archive has it.</summary>
internal readonly record struct ArchivedChange(WorkspacePath Path, WorkspacePath? OldPath, ArchivedState Before, ArchivedState After)
{
    /// <exception cref="SavepointException">A content that it names is not known any more.</exception>
    public FileChange Resolve(MilestoneContents contents) => new(Path, Before.Resolve(contents), After.Resolve(contents), OldPath);
}

/// <summary>A snapshot as an archive has it: its record, and its changes with contents named by ordinals.</summary>
/// <param name="Header">The record, without its changes.</param>
/// <param name="Changes">In path order.</param>
internal sealed record ArchivedSnapshot(Snapshot Header, IReadOnlyList<ArchivedChange> Changes)
{
    /// <exception cref="SavepointException">A content that it names is not known any more.</exception>
    public Snapshot Resolve(MilestoneContents contents) => Header with { Changes = [.. Changes.Select(change => change.Resolve(contents))] };
}
