namespace Savepoint.Model;

/// <summary>One path that a restore takes from one state to another.</summary>
/// <param name="Path">The path.</param>
/// <param name="Before">What is recorded to stand there.</param>
/// <param name="After">What shall stand there.</param>
public sealed record RestoreStep(WorkspacePath Path, FileState Before, FileState After);

/// <summary>A restore whose first write may have happened and whose snapshot is not committed.</summary>
/// <param name="Id">The journal's number; temporary files bear it.</param>
/// <param name="Draft">The snapshot that ends it, without its changes.</param>
/// <param name="Steps">All its steps, in the order they are carried out.</param>
public sealed record PendingRestore(long Id, Snapshot Draft, IReadOnlyList<RestoreStep> Steps);

/// <summary>Remembers a restore over the death of its process. Implemented by <c>Storage</c>.</summary>
public interface IRestoreJournal
{
    /// <summary>Notes what is about to be done, before the first write to the tree.</summary>
    PendingRestore Begin(Snapshot draft, IReadOnlyList<RestoreStep> steps);

    /// <summary>Forgets a restore that was taken back as a whole.</summary>
    void Abandon(PendingRestore restore);

    /// <summary>The restore in a branch's working copy that some process began and did not end; null if none.</summary>
    PendingRestore? Unfinished(string branch);
}
