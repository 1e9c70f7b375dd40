namespace Savepoint.Model;

/// <summary>What was erased from a history for good, or would be.</summary>
/// <param name="Paths">The paths that the history knew, and knows only by name any more.</param>
/// <param name="Snapshots">The snapshots that had changed them: they keep their numbers and all else.</param>
/// <param name="ErasedContents">How many contents are gone.</param>
/// <param name="KeptContents">Contents that other paths have as well, which keep them: those paths.</param>
/// <param name="InTree">Of the paths, those that stand in the working tree: the next capture records them again.</param>
/// <param name="NotReached">Where the contents may be as well, a line each.</param>
/// <param name="BytesBefore">What the store took on disk before.</param>
/// <param name="BytesAfter">What it takes now.</param>
public sealed record ForgetResult(
    IReadOnlyList<WorkspacePath> Paths, IReadOnlyList<SnapshotNumber> Snapshots, long ErasedContents, IReadOnlyList<WorkspacePath> KeptContents,
    IReadOnlyList<WorkspacePath> InTree, IReadOnlyList<string> NotReached, long BytesBefore, long BytesAfter);
