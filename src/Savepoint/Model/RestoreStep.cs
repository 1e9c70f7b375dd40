namespace Savepoint.Model;

/// <summary>One path that a restore takes from one state to another.</summary>
/// <param name="Path">The path.</param>
/// <param name="Before">What is recorded to stand there.</param>
/// <param name="After">What shall stand there.</param>
internal sealed record RestoreStep(WorkspacePath Path, FileState Before, FileState After);

/// <summary>A restore whose first write may have happened and whose snapshot is not committed.</summary>
/// <param name="Id">The journal's number; temporary files bear it.</param>
/// <param name="Draft">The snapshot that ends it, without its changes.</param>
/// <param name="Steps">All its steps, in the order they are carried out.</param>
internal sealed record PendingRestore(long Id, Snapshot Draft, IReadOnlyList<RestoreStep> Steps);
