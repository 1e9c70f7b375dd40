using Savepoint.Model;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Recording;

/// <summary>
/// Records the whole tree: one stat for each entry, and only what the index does not know is read. An entry that the head
/// holds is looked at even if a rule ignores it by now.
/// </summary>
internal sealed class TreeRecorder(WorkspaceTree tree, WorkspaceRules rules, StateReader reader, ScanIndex index, CoverageBuilder coverage)
{
    private readonly List<(WorkspacePath Path, EntryStat Stat, ContentId Content)> _files = [];
    private readonly Lock _gate = new();

    /// <summary>What differs from the head, in path order.</summary>
    public List<FileChange> Record(IReadOnlyDictionary<WorkspacePath, FileState> head, CancellationToken cancellationToken)
    {
        var entries = Walk(cancellationToken);
        var unknown = new HashSet<WorkspacePath>();
        var seen = entries.Select(entry => entry.Path).ToHashSet();
        foreach (var path in head.Keys.Concat(rules.TrackedByGit.SelectMany(path => path.Ancestors().Append(path))).Where(path => !path.IsInsideGit && seen.Add(path)))
        {
            // Ignored by a rule, but recorded before or tracked by git; or gone.
            if (TryStat(path, out var isKnown) is { } stat)
            {
                entries.Add((path, stat));
            }
            else if (!isKnown)
            {
                unknown.Add(path);
            }
        }

        var found = new FileChange?[entries.Count];
        Parallel.For(0, entries.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var (path, stat) = entries[i];
            var before = head.GetValueOrDefault(path, FileState.None);
            found[i] = Read(path, stat, before) is { } after && after != before ? new FileChange(path, before, after) : null;
        });
        coverage.Looked(entries.Count);
        var present = entries.Select(entry => entry.Path).ToHashSet();
        var gone = head.Where(pair => !present.Contains(pair.Key) && !unknown.Contains(pair.Key)).Select(pair => new FileChange(pair.Key, pair.Value, FileState.None));
        return ChangeList.Build(found.OfType<FileChange>().Concat(gone));
    }

    /// <summary>The index for the next scan, this one having begun at <paramref name="startedNs"/>.</summary>
    public ScanIndex NextIndex(long startedNs) => ScanIndex.Create(_files, startedNs);

    private FileState? Read(WorkspacePath path, EntryStat stat, FileState before)
    {
        // The index may know of a content whose snapshot was never committed: that one has to be read again.
        if (stat.IsFile && before is FileState.Regular && index.Find(path, stat) is { } known && (known == before.ContentId || reader.Keeps(known)))
        {
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

    private List<(WorkspacePath Path, EntryStat Stat)> Walk(CancellationToken cancellationToken)
    {
        var entries = new List<(WorkspacePath, EntryStat)>();
        var pending = new Stack<(WorkspacePath Directory, IgnoreScope Scope)>();
        pending.Push((WorkspacePath.Root, rules.Scope));
        while (pending.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (path, stat, scope) in List(next.Directory, next.Scope))
            {
                entries.Add((path, stat));
                if (stat.IsDirectory)
                {
                    pending.Push((path, scope));
                }
            }
        }

        return entries;
    }

    private IEnumerable<(WorkspacePath Path, EntryStat Stat, IgnoreScope Scope)> List(WorkspacePath directory, IgnoreScope above)
    {
        var listed = TryList(directory);
        var scope = above.Enter(directory, ReadRules(directory, ".gitignore"u8), ReadRules(directory, ".savepointignore"u8));
        foreach (var entry in listed)
        {
            if (!WorkspacePath.IsGitName(entry.Name) && !TemporaryName.IsTemporary(entry.Name) && !scope.IsIgnored(directory, entry.Name, entry.Stat.IsDirectory))
            {
                yield return (directory.Append(entry.Name), entry.Stat, scope);
            }
        }
    }

    private EntryStat? TryStat(WorkspacePath path, out bool isKnown)
    {
        try
        {
            isKnown = true;
            return tree.Stat(path);
        }
        catch (SavepointException e) when (e.Code == ErrorCode.PermissionDenied)
        {
            coverage.Skip(path, SkipReason.Unreadable);
            isKnown = false;
            return null;
        }
    }

    private List<DirectoryEntry> TryList(WorkspacePath directory)
    {
        try
        {
            return tree.TryList(directory) ?? [];
        }
        catch (SavepointException e) when (e.Code == ErrorCode.PermissionDenied)
        {
            coverage.Skip(directory, SkipReason.Unreadable);
            return [];
        }
    }

    // Rules that may not be read count as absent, as in git; the file itself is named in the coverage when it is read.
    private byte[] ReadRules(WorkspacePath directory, ReadOnlySpan<byte> name)
    {
        try
        {
            return tree.TryReadAllBytes(directory.Append(name), maxLengthBytes: 1 << 20)?.Bytes ?? [];
        }
        catch (SavepointException e) when (e.Code == ErrorCode.PermissionDenied)
        {
            return [];
        }
    }
}
