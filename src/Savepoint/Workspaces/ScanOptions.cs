namespace Savepoint.Workspaces;

/// <summary>What a scan leaves out, and when it stops.</summary>
internal sealed record ScanOptions
{
    /// <summary>The rules above the root's own ignore files; null to ignore nothing, and read no ignore file.</summary>
    public ITreeScope? Scope { get; init; }

    /// <summary>Absolute, canonical directories that are left out with all they hold: the store, should it lie inside.</summary>
    public IReadOnlyList<string> ExcludedDirectories { get; init; } = [];

    /// <summary>How long it may take before it leaves the directories that it has not read; null for as long as it takes.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The most threads to work on, 1 or more. Default: one a processor, as stats of cached inodes keep each busy.</summary>
    public int MaxThreadCount { get; init; } = Environment.ProcessorCount;
}
