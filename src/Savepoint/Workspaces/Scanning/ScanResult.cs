using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>An entry that a scan found, of which its stat does not say that it is as the head records it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Stat">The entry itself, no link followed.</param>
/// <param name="Before">What the head records there.</param>
/// <param name="Known">Its content, where the index knows that from its stat; null if it has to be read.</param>
/// <param name="Number">Its place in the listing of its directory.</param>
internal readonly record struct ScannedEntry(WorkspacePath Path, EntryStat Stat, FileState Before, ContentId? Known, int Number);

/// <summary>An entry that the head records and the tree does not hold.</summary>
/// <param name="Path">Where it was.</param>
/// <param name="Before">What the head records there.</param>
/// <param name="Record">What the index knows of it; default if it is newer than the index.</param>
internal readonly record struct MissingEntry(WorkspacePath Path, FileState Before, IndexRecord Record);

/// <summary>What a scan found: how files, links and directories, but for those that something leaves out, differ from the head.</summary>
/// <param name="Entries">What is there and not known to be as recorded, in the order it was found. Without the root.</param>
/// <param name="Missing">What is recorded and not there.</param>
/// <param name="Skipped">
/// In path order: pipes, sockets and devices; files with several names, which the index tells to be unchanged; entries that
/// could not be read; and directories that could not be read or, <see cref="SkipReason.Deadline"/>, were not reached or not
/// to their end: of what lies below them nothing is said that is not in the other lists.
/// </param>
/// <param name="Turns">Where the next scan is to begin, if this one was cut short.</param>
/// <param name="EntryCount">How many entries were looked at.</param>
internal sealed record ScanResult(
    IReadOnlyList<ScannedEntry> Entries,
    IReadOnlyList<MissingEntry> Missing,
    IReadOnlyList<SkippedEntry> Skipped,
    IReadOnlyList<ScanTurn> Turns,
    long EntryCount)
{
    /// <summary>Files under names that only a restore gives, in no certain order; none of them is among the entries.</summary>
    public IReadOnlyList<WorkspacePath> Temporary { get; init; } = [];

    /// <summary>Whether every directory was read and every entry looked at: only then does a path's absence mean anything.</summary>
    public bool IsComplete => !Skipped.Any(s => s.Reason is SkipReason.Unreadable or SkipReason.TooDeep or SkipReason.Deadline);
}
