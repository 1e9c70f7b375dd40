using Savepoint.Model;

namespace Savepoint.Workspaces.Scanning;

/// <summary>One scan: what its threads share, and the lists that they fill.</summary>
internal sealed class ScanRun
{
    /// <summary>A coverage is for people, and stands with the snapshot.</summary>
    private const int MaxNamedDirectories = 1000;

    private readonly WorkspaceTree _tree;
    private readonly TimeProvider _clock;
    private readonly IReadOnlySet<WorkspacePath> _begun;
    private readonly HashSet<WorkspacePath> _excluded;
    private readonly CancellationToken _cancellationToken;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly List<ScannedEntry> _entries = [];
    private readonly List<MissingEntry> _missing = [];
    private readonly List<SkippedEntry> _skipped = [];
    private readonly List<ScanTurn> _turns = [];
    private readonly List<WorkspacePath> _temporary = [];
    private long _entryCount;
    private int _readCount;

    public ScanRun(WorkspaceTree tree, TimeProvider clock, ScanOptions options, IReadOnlySet<WorkspacePath> begun, CancellationToken cancellationToken)
    {
        _tree = tree;
        _clock = clock;
        Options = options;
        _begun = begun;
        _excluded = Excluded(tree.Root, options.ExcludedDirectories);
        _cancellationToken = cancellationToken;
        _start = clock.GetTimestamp();
    }

    public ScanOptions Options { get; }

    public bool IsOverdue => Options.TimeLimit is { } limit && _clock.GetElapsedTime(_start) >= limit;

    public ScanResult Result()
    {
        var skipped = _skipped.Concat(Unreached()).OrderBy(entry => entry.Path).ToList();
        return new ScanResult(_entries, _missing, skipped, _turns, _entryCount) { Temporary = _temporary };
    }

    /// <summary>Reads one directory, and returns the subdirectories to read next.</summary>
    public IReadOnlyList<ScannedDirectory> Read(ScannedDirectory directory)
    {
        _cancellationToken.ThrowIfCancellationRequested();

        // The first is read even if time is up, so that each of many scans, however short, goes on a little.
        if (Interlocked.Increment(ref _readCount) > 1 && IsOverdue)
        {
            Leave(directory.Path, directory.FirstEntry);
            return [];
        }

        try
        {
            using var reader = _tree.TryOpenDirectory(directory.Path);
            if (reader is not null)
            {
                var scan = new DirectoryScan(this, directory);
                scan.Read(reader);
                Interlocked.Add(ref _entryCount, scan.EntryCount);
                return scan.Subdirectories;
            }

            if (!IsBegun(directory.Path))
            {
                MissingBelow(directory.Path, directory.Number, directory.News); // it went after it was stat-ed
            }

            return [];
        }
        catch (SavepointException) when (!directory.Path.IsRoot)
        {
            Skip(directory.Path, SkipReason.Unreadable);
            return [];
        }
    }

    /// <summary>Whether a new entry is left out: a rule ignores it, and git does not track it.</summary>
    public bool IsLeftOut(ScannedDirectory directory, ReadOnlySpan<byte> name, bool isDirectory) =>
        directory.Rules.Ignore(name, isDirectory) && !Options.Tracked.Value.Hold(directory.Path.Append(name));

    public bool IsExcluded(WorkspacePath directory) => _excluded.Contains(directory);

    /// <summary>Whether the scan begins at this directory, or began there.</summary>
    public bool IsBegun(WorkspacePath directory) => _begun.Contains(directory);

    public void Found(in ScannedEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
        }
    }

    /// <summary>Notes a file that a restore is writing, or that one left which has died.</summary>
    public void FoundTemporary(WorkspacePath path)
    {
        lock (_gate)
        {
            _temporary.Add(path);
        }
    }

    public void Skip(WorkspacePath path, SkipReason reason)
    {
        lock (_gate)
        {
            _skipped.Add(new SkippedEntry(path, reason));
        }
    }

    /// <summary>Notes that time was up before a directory, or inside it.</summary>
    public void Leave(WorkspacePath directory, int firstEntry)
    {
        lock (_gate)
        {
            _turns.Add(new ScanTurn(directory, firstEntry));
        }
    }

    /// <summary>Notes that an entry is gone, with all that the head records below it. Not recursive: a tree may be deeper than the stack.</summary>
    public void Missing(WorkspacePath path, in IndexRecord record, StateTree? news)
    {
        var gone = new Stack<(WorkspacePath Path, IndexRecord Record, StateTree? News)>([(path, record, news)]);
        while (gone.TryPop(out var next))
        {
            var before = Before(next.Record, next.News);
            if (!before.IsAbsent)
            {
                lock (_gate)
                {
                    _missing.Add(new MissingEntry(next.Path, before, next.News?.State is null ? next.Record : default));
                }
            }

            foreach (var below in Known(next.Path, next.Record.Child, next.News))
            {
                gone.Push(below);
            }
        }
    }

    /// <summary>Notes that all is gone which the head records below a directory.</summary>
    public void MissingBelow(WorkspacePath directory, uint number, StateTree? news) =>
        Known(directory, number, news).ForEach(entry => Missing(entry.Path, entry.Record, entry.News));

    /// <summary>The directories that were left; where they are too many to name, those above them.</summary>
    private IEnumerable<SkippedEntry> Unreached()
    {
        var directories = _turns.Select(turn => turn.Directory).ToHashSet();
        while (directories.Count > MaxNamedDirectories)
        {
            directories = directories.Select(directory => directory.Parent).ToHashSet();
        }

        return directories.Select(directory => new SkippedEntry(directory, SkipReason.Deadline));
    }

    /// <summary>What the head records of an entry.</summary>
    public FileState Before(in IndexRecord record, StateTree? news) =>
        news?.State ?? (Options.IsIndexOfHead ? record.ToState() : FileState.None);

    /// <summary>The entries of a directory of which anything is known.</summary>
    private List<(WorkspacePath Path, IndexRecord Record, StateTree? News)> Known(WorkspacePath directory, uint number, StateTree? news)
    {
        var known = new List<(WorkspacePath, IndexRecord, StateTree?)>();
        var block = Options.Index.Directory(number);
        foreach (var record in block.Records)
        {
            known.Add((directory.Append(block.Name(record)), record, news?.Find(block.Name(record))));
        }

        foreach (var (name, said) in news?.Children ?? [])
        {
            if (block.Find(name) < 0)
            {
                known.Add((directory.Append(name), default, said));
            }
        }

        return known;
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
}
