using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>
/// Walks a whole tree, on several threads, and stats what is not left out. What is ignored costs no stat: names and
/// types come from the directory. The entries <c>.git</c> and the temporary files of restores are always left out.
/// </summary>
internal sealed class TreeScanner
{
    // Ignore files are written by hand; one that is larger is something else, and not worth the time of every scan.
    public const int MaxIgnoreFileBytes = 4 * 1024 * 1024;
    private const int EntriesBetweenClockReads = 256;

    private readonly WorkspaceTree _tree;
    private readonly TimeProvider _clock;

    /// <param name="tree">The tree to walk.</param>
    /// <param name="clock">Tells when <see cref="ScanOptions.TimeLimit"/> is over.</param>
    public TreeScanner(WorkspaceTree tree, TimeProvider clock)
    {
        _tree = tree;
        _clock = clock;
    }

    /// <summary>Scans the tree. Entries that come, go or change meanwhile are found or not; each stat is true of one moment.</summary>
    /// <exception cref="SavepointException">The root itself cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ScanResult Scan(ScanOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxThreadCount, 1);
        var root = new ScannedDirectory(WorkspacePath.Root, options.Scope);
        var run = new Run(this, options, cancellationToken);
        DirectoryQueue.Process(root, run.Read, options.MaxThreadCount);
        return new ScanResult(root.Flatten(run.EntryCount), run.SkippedInOrder());
    }

    /// <summary>One scan: what its threads share.</summary>
    private sealed class Run
    {
        private readonly TreeScanner _scanner;
        private readonly ScanOptions _options;
        private readonly HashSet<WorkspacePath> _excluded;
        private readonly CancellationToken _cancellationToken;
        private readonly long _start;
        private readonly List<SkippedEntry> _skipped = [];
        private int _entryCount;

        public Run(TreeScanner scanner, ScanOptions options, CancellationToken cancellationToken)
        {
            _scanner = scanner;
            _options = options;
            _excluded = Excluded(scanner._tree.Root, options.ExcludedDirectories);
            _cancellationToken = cancellationToken;
            _start = scanner._clock.GetTimestamp();
        }

        public int EntryCount => _entryCount;

        private bool IsOverdue => _options.TimeLimit is { } limit && _scanner._clock.GetElapsedTime(_start) >= limit;

        public List<SkippedEntry> SkippedInOrder()
        {
            _skipped.Sort((left, right) => left.Path.CompareTo(right.Path));
            return _skipped;
        }

        /// <summary>Reads one directory, and returns the subdirectories to read next.</summary>
        public List<ScannedDirectory> Read(ScannedDirectory directory)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (IsOverdue)
            {
                Skip(directory.Path, SkipReason.Deadline);
                return directory.Subdirectories;
            }

            using var reader = TryOpen(directory.Path);
            if (reader is not null)
            {
                ReadEntries(directory, reader, ScopeOf(directory, reader));
                directory.Sort();
                Interlocked.Add(ref _entryCount, directory.EntryCount);
            }

            return directory.Subdirectories;
        }

        private static HashSet<WorkspacePath> Excluded(string root, IReadOnlyList<string> directories)
        {
            var excluded = new HashSet<WorkspacePath>();
            foreach (var directory in directories)
            {
                var relative = Path.GetRelativePath(root, directory);
                if (!Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    excluded.Add(WorkspacePath.Parse(relative));
                }
            }

            return excluded;
        }

        private DirectoryReader? TryOpen(WorkspacePath directory)
        {
            try
            {
                return _scanner._tree.TryOpenDirectory(directory);
            }
            catch (SavepointException) when (!directory.IsRoot)
            {
                Skip(directory, SkipReason.Unreadable);
                return null;
            }
        }

        private ITreeScope? ScopeOf(ScannedDirectory directory, DirectoryReader reader) =>
            directory.ParentScope?.Enter(
                directory.Path,
                IgnoreFile(directory.Path, reader, ".gitignore"u8),
                IgnoreFile(directory.Path, reader, ".savepointignore"u8));

        private byte[]? IgnoreFile(WorkspacePath directory, DirectoryReader reader, ReadOnlySpan<byte> name)
        {
            try
            {
                return reader.Contains(name) ? _scanner._tree.TryReadAllBytes(directory.Append(name), MaxIgnoreFileBytes)?.Bytes : null;
            }
            catch (SavepointException)
            {
                return null; // git, too, goes on without an ignore file that it cannot read
            }
        }

        private void ReadEntries(ScannedDirectory directory, DirectoryReader reader, ITreeScope? scope)
        {
            for (var count = 1; reader.MoveNext(); count++)
            {
                if (count % EntriesBetweenClockReads == 0 && IsOverdue)
                {
                    directory.Clear();
                    Skip(directory.Path, SkipReason.Deadline);
                    return;
                }

                if (!WorkspacePath.IsGitName(reader.Name) && !TemporaryName.IsTemporary(reader.Name))
                {
                    ReadEntry(directory, reader, scope);
                }
            }
        }

        private void ReadEntry(ScannedDirectory directory, DirectoryReader reader, ITreeScope? scope)
        {
            // Where the directory does not tell its entries' types, only a stat knows which rules apply.
            if (reader.Type is { } known && scope is not null && scope.IsIgnored(reader.Name, known == EntryType.Directory))
            {
                return;
            }

            var path = directory.Path.Append(reader.Name);
            EntryStat? found;
            try
            {
                found = reader.Stat();
            }
            catch (SavepointException)
            {
                Skip(path, SkipReason.Unreadable);
                return;
            }

            if (found is { } stat && (reader.Type is not null || scope is null || !scope.IsIgnored(reader.Name, stat.IsDirectory)))
            {
                Take(directory, new ScannedEntry(path, stat), scope);
            }
        }

        private void Take(ScannedDirectory directory, in ScannedEntry entry, ITreeScope? scope)
        {
            switch (entry.Stat.Type)
            {
                case EntryType.Directory when !_excluded.Contains(entry.Path):
                    directory.Add(entry, new ScannedDirectory(entry.Path, scope));
                    break;
                case EntryType.File or EntryType.Symlink:
                    directory.Add(entry, contents: null);
                    break;
                case EntryType.Fifo:
                    Skip(entry.Path, SkipReason.Fifo);
                    break;
                case EntryType.Socket:
                    Skip(entry.Path, SkipReason.Socket);
                    break;
                case EntryType.Device:
                    Skip(entry.Path, SkipReason.Device);
                    break;
            }
        }

        private void Skip(WorkspacePath path, SkipReason reason)
        {
            lock (_skipped)
            {
                _skipped.Add(new SkippedEntry(path, reason));
            }
        }
    }
}
