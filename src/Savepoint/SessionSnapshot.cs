using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint;

/// <summary>What one session did, or one turn: its operations and their combined diff, apart from all that others did meanwhile.</summary>
public sealed record SessionSnapshot
{
    /// <summary>The state before its first operation.</summary>
    public required SnapshotNumber Before { get; init; }

    /// <summary>Its snapshots, the oldest first; never empty. Each as an <c>OperationSnapshot</c>.</summary>
    public required IReadOnlyList<Snapshot> Operations { get; init; }

    /// <summary>
    /// What its operations come to. One change a path; where others changed a path in between, one for each piece of its
    /// own work there, the earlier first (docs/design/layers.md).
    /// </summary>
    public required IReadOnlyList<FileChange> Changes { get; init; }

    /// <summary><see cref="Changes"/> as a patch. Entries of one path follow each other as in concatenated patches.</summary>
    public required Patch CombinedDiff { get; init; }

    /// <summary>The paths that others changed between its operations, in path order; empty if it had its paths to itself.</summary>
    public required IReadOnlyList<InterleavedPath> Interleaved { get; init; }

    /// <summary>It in numbers.</summary>
    public required SessionStatistics Statistics { get; init; }

    /// <summary>The branches it worked on, in the order in which it came to them.</summary>
    public IReadOnlyList<string> Branches => [.. Operations.Select(operation => operation.Branch).Distinct()];

    /// <summary>Its newest snapshot, whose metadata are the session's.</summary>
    public Snapshot Newest => Operations[^1];
}
