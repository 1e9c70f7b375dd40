using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint;

/// <summary>Something to be merged into the head: an operation to invert, or another branch.</summary>
internal interface IMergeSource
{
    /// <summary>The paths that it may change or look at.</summary>
    IEnumerable<WorkspacePath> Places { get; }

    /// <summary>The merge with the head as it is recorded.</summary>
    /// <param name="unrecorded">What the tree is known to hold instead, by path.</param>
    /// <param name="contents">Has the contents of the history, and those.</param>
    TreeMergeResult Merge(IReadOnlyDictionary<WorkspacePath, FileState> unrecorded, IContentSource contents);
}
