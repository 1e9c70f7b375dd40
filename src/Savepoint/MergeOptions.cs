using Savepoint.Model;

namespace Savepoint;

/// <summary>How a branch is merged, and what to do where it conflicts. Immutable.</summary>
public sealed record MergeOptions
{
    /// <summary>Carried out, and nothing written where there is a conflict.</summary>
    public static MergeOptions Default { get; } = new();

    /// <summary>Whether to say what would be done and do nothing. Default: false.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether, where lines conflict, both versions are written between markers. Default: false, a conflict writes nothing.</summary>
    public bool WritesMarkers { get; init; }
}

/// <summary>A branch that was merged, or was to be.</summary>
/// <param name="Branch">What was merged.</param>
/// <param name="Theirs">Its head.</param>
/// <param name="Base">The state that both come from.</param>
/// <param name="IsFastForward">Whether the branch that was merged into was still as the base, so that the other was taken as it is.</param>
/// <param name="Captured">The snapshot of what was unrecorded in the merged branch's working copy; null if nothing was.</param>
/// <param name="Restore">What was written, and the conflicts.</param>
public sealed record MergeResult(string Branch, SnapshotNumber Theirs, SnapshotNumber Base, bool IsFastForward, SnapshotNumber? Captured, RestoreResult Restore);
