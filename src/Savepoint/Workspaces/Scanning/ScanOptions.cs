using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>What a scan compares with, what it leaves out, and when it stops.</summary>
internal sealed record ScanOptions
{
    /// <summary>What an earlier scan saw. Default: nothing.</summary>
    public ScanIndex Index { get; init; } = ScanIndex.Empty;

    /// <summary>
    /// Whether the head records what <see cref="Index"/> holds, but for <see cref="News"/>. If not, the head is all in
    /// <see cref="News"/>, and the index only tells the contents of files that have not changed since.
    /// </summary>
    public bool IsIndexOfHead { get; init; } = true;

    /// <summary>What the head records otherwise than the index. Default: nothing.</summary>
    public StateTree News { get; init; } = new();

    /// <summary>The rules above the root's own ignore files; null to ignore nothing, and read no ignore file.</summary>
    public ITreeScope? Scope { get; init; }

    /// <summary>What no rule keeps out. Asked for when the first entry is ignored.</summary>
    public Lazy<TrackedPaths> Tracked { get; init; } = new(() => new TrackedPaths([]));

    /// <summary>Absolute, canonical directories that are left out with all they hold: the store, should it lie inside.</summary>
    public IReadOnlyList<string> ExcludedDirectories { get; init; } = [];

    /// <summary>The directories to scan with all below them; null for the whole tree.</summary>
    public IReadOnlyList<WorkspacePath>? Within { get; init; }

    /// <summary>Where to begin in a whole tree: what the last scan left.</summary>
    public IReadOnlyList<ScanTurn> Turns { get; init; } = [];

    /// <summary>How long it may take before it leaves the directories that it has not read; null for as long as it takes.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The most threads to work on, 1 or more. Default: one a processor, as stats of cached inodes keep each busy.</summary>
    public int MaxThreadCount { get; init; } = Environment.ProcessorCount;
}
