using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>Where an entry is in a tree, and what it is there. For one that is not there, the path where it was, or will be.</summary>
internal readonly record struct MergePlace(WorkspacePath Path, FileState State);

/// <summary>One entry as three trees have it, followed over moves by whoever asks for the merge.</summary>
/// <param name="Base">What both sides began with.</param>
/// <param name="Ours">What one side made of it: the side whose tree the result is written into.</param>
/// <param name="Theirs">What the other side made of it.</param>
internal sealed record MergeEntry(MergePlace Base, MergePlace Ours, MergePlace Theirs);

/// <summary>The trees beside the entries to merge: what a merge has to look up around them.</summary>
/// <param name="Ours">What our tree has at a path.</param>
/// <param name="Theirs">What their tree has at a path; asked for directories that an entry needs and our tree lacks.</param>
/// <param name="Entries">The paths that our tree has directly in a directory.</param>
internal sealed record MergeTrees(Func<WorkspacePath, FileState> Ours, Func<WorkspacePath, FileState> Theirs, Func<WorkspacePath, IEnumerable<WorkspacePath>> Entries);
