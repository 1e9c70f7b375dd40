using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>An entry that a scan found.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Stat">The entry itself, no link followed.</param>
internal readonly record struct ScannedEntry(WorkspacePath Path, EntryStat Stat);

/// <summary>What a scan found: files, links and directories that nothing left out.</summary>
/// <param name="Entries">In path order, without the root.</param>
/// <param name="Skipped">
/// In path order: pipes, sockets and devices, which are not in <paramref name="Entries"/>; entries that could not be read;
/// and directories that could not be read or, <see cref="SkipReason.Deadline"/>, were not reached, which are in
/// <paramref name="Entries"/> while nothing below them is.
/// </param>
internal sealed record ScanResult(IReadOnlyList<ScannedEntry> Entries, IReadOnlyList<SkippedEntry> Skipped)
{
    /// <summary>Whether every directory was read and every entry looked at: only then does a path's absence mean anything.</summary>
    public bool IsComplete => !Skipped.Any(s => s.Reason is SkipReason.Unreadable or SkipReason.Deadline);
}
