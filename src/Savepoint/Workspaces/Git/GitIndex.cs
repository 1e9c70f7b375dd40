using Savepoint.Model;

namespace Savepoint.Workspaces.Git;

/// <summary>How reading an index ended.</summary>
internal enum GitIndexStatus
{
    /// <summary>All tracked paths are known.</summary>
    Complete,

    /// <summary>
    /// The index names directories as a whole (a sparse index); they lie outside the checked-out part, and the files in
    /// them are not listed.
    /// </summary>
    SparseDirectories,

    /// <summary>There is no index: nothing is tracked.</summary>
    Absent,

    /// <summary>It has a version or a mandatory extension that is not known here; no paths are given.</summary>
    Unsupported,

    /// <summary>It, or the shared index it builds on, is missing bytes or contradicts itself; no paths are given.</summary>
    Damaged,

    /// <summary>The system did not let it be read; no paths are given.</summary>
    Unreadable,
}

/// <summary>The paths that git's index lists.</summary>
/// <param name="Status">Whether the paths can be relied on.</param>
/// <param name="Paths">Relative to the work tree's root, each once, in byte order; submodules as one path each.</param>
/// <param name="Problem">Why there are none, for people; null if all went well.</param>
internal sealed record GitIndex(GitIndexStatus Status, IReadOnlyList<WorkspacePath> Paths, string? Problem)
{
    public static GitIndex Without(GitIndexStatus status, string? problem) => new(status, [], problem);
}
