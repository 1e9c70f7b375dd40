using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Recording;

/// <summary>
/// Records the whole tree: one stat for each entry, and only what the index does not know is read. An entry that the head
/// holds, or git tracks, is looked at even if a rule ignores it.
/// </summary>
internal sealed class TreeRecorder(WorkspaceTree tree, ScanResult scan, StateReader reader, ScanIndex index, CoverageBuilder coverage)
{
    private readonly List<(WorkspacePath Path, EntryStat Stat, ContentId Content)> _files = new(scan.Entries.Count);
    private readonly HashSet<WorkspacePath> _unknown = [];
    private readonly Lock _gate = new();

    /// <summary>What differs from the head, in path order.</summary>
    /// <param name="head">All that the head holds.</param>
    /// <param name="trackedByGit">Paths that no rule keeps out.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    public List<FileChange> Record(IReadOnlyDictionary<WorkspacePath, FileState> head, IReadOnlyList<WorkspacePath> trackedByGit, CancellationToken cancellationToken)
    {
        foreach (var skipped in scan.Skipped)
        {
            coverage.Skip(skipped.Path, skipped.Reason);
        }

        var entries = AllEntries(head, trackedByGit);
        coverage.Looked(entries.Count);
        var changed = new FileChange?[entries.Count];
        Parallel.For(0, entries.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var (path, stat) = entries[i];
            var before = head.GetValueOrDefault(path, FileState.None);
            changed[i] = Read(path, stat, before) is { } after && after != before ? new FileChange(path, before, after) : null;
        });
        return ChangeList.Build(changed.OfType<FileChange>().Concat(Gone(head, entries)));
    }

    /// <summary>The index for the next scan, this one having begun at <paramref name="startedNs"/>.</summary>
    public ScanIndex NextIndex(long startedNs) => ScanIndex.Create(_files, startedNs);

    /// <summary>What the scan found, and what it passed over although it is recorded or tracked by git.</summary>
    private List<ScannedEntry> AllEntries(IReadOnlyDictionary<WorkspacePath, FileState> head, IReadOnlyList<WorkspacePath> trackedByGit)
    {
        var entries = new List<ScannedEntry>(scan.Entries);
        var seen = scan.Entries.Select(entry => entry.Path).ToHashSet();
        var unread = scan.Skipped.Where(skipped => skipped.Reason is SkipReason.Unreadable or SkipReason.Deadline).Select(skipped => skipped.Path).ToHashSet();
        var missed = head.Keys.Concat(trackedByGit.SelectMany(path => path.Ancestors().Append(path))).Where(path => !path.IsInsideGit && seen.Add(path));
        foreach (var path in missed)
        {
            if (unread.Count > 0 && path.Ancestors().Append(path).Any(unread.Contains))
            {
                _unknown.Add(path);
            }
            else if (TryStat(path) is { } stat)
            {
                entries.Add(new ScannedEntry(path, stat));
            }
        }

        return entries;
    }

    /// <summary>What the head holds and the tree does not. What could not be looked at is not gone.</summary>
    private IEnumerable<FileChange> Gone(IReadOnlyDictionary<WorkspacePath, FileState> head, List<ScannedEntry> entries)
    {
        var present = entries.Select(entry => entry.Path).ToHashSet();
        return head.Where(pair => !present.Contains(pair.Key) && !_unknown.Contains(pair.Key)).Select(pair => new FileChange(pair.Key, pair.Value, FileState.None));
    }

    private FileState? Read(WorkspacePath path, EntryStat stat, FileState before)
    {
        // The index may know of a content whose snapshot was never committed: that one has to be read again.
        if (stat.IsFile && before is FileState.Regular && index.Find(path, stat) is { } known && (known == before.ContentId || reader.Keeps(known)))
        {
            if (stat.LinkCount > 1)
            {
                coverage.Skip(path, SkipReason.Hardlink);
            }

            Note(path, stat, known);
            return new FileState.Regular(stat.Mode, known, stat.SizeBytes);
        }

        var state = reader.Read(path, stat, before);
        if (state is FileState.Regular file && file.SizeBytes == stat.SizeBytes)
        {
            Note(path, stat, file.Content);
        }

        return state;
    }

    private void Note(WorkspacePath path, EntryStat stat, ContentId content)
    {
        lock (_gate)
        {
            _files.Add((path, stat, content));
        }
    }

    private EntryStat? TryStat(WorkspacePath path)
    {
        try
        {
            return tree.Stat(path);
        }
        catch (SavepointException e) when (e.Code == ErrorCode.PermissionDenied)
        {
            coverage.Skip(path, SkipReason.Unreadable);
            _unknown.Add(path);
            return null;
        }
    }
}
