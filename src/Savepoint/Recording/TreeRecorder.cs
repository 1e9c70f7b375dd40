using System.Runtime.ExceptionServices;
using Savepoint.Model;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Recording;

/// <summary>
/// Turns what a scan found into changes: reads what is not known from the index, and leaves what there is no time for.
/// </summary>
/// <param name="scan">What differs from the head, or may.</param>
/// <param name="reader">Reads states.</param>
/// <param name="coverage">Takes what was looked at and what was not.</param>
internal sealed class TreeRecorder(ScanResult scan, StateReader reader, CoverageBuilder coverage)
{
    // Below this, a second thread costs more than it reads.
    private const int MinParallelCount = 32;
    private const long MinParallelBytes = 4 * 1024 * 1024;

    private const double BytesPerOpening = 20_000; // reading as many takes as long again as opening the file

    private readonly FileState?[] _states = new FileState?[scan.Entries.Count];
    private readonly bool[] _isLeft = new bool[scan.Entries.Count];
    private readonly Dictionary<long, IndexRecord> _movable = FindMovable(scan);
    private int _next;

    /// <summary>Told of each entry that is done, from several threads. Null: nobody is.</summary>
    public Action<ScannedEntry>? Done { get; init; }

    /// <summary>What differs from the head, in path order.</summary>
    /// <param name="isOverdue">Whether to leave what has not been read yet. One file at least is read.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    public List<FileChange> Record(Func<bool> isOverdue, CancellationToken cancellationToken)
    {
        foreach (var skipped in scan.Skipped)
        {
            coverage.Skip(skipped.Path, skipped.Reason);
        }

        coverage.Looked(scan.EntryCount);
        var isParallel = scan.Entries.Count >= MinParallelCount || scan.Entries.Sum(entry => entry.Stat.SizeBytes) >= MinParallelBytes;
        if (isParallel)
        {
            var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
            try
            {
                Parallel.For(0, Environment.ProcessorCount, options, _ => ReadEntries(isOverdue, cancellationToken));
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // as one thread alone would have thrown it
            }
        }
        else
        {
            ReadEntries(isOverdue, cancellationToken);
        }

        var changed = scan.Entries.Select((entry, i) => _states[i] is { } after ? new FileChange(entry.Path, entry.Before, after) : null).OfType<FileChange>();
        return ChangeList.Build(changed.Concat(scan.Missing.Select(missing => new FileChange(missing.Path, missing.Before, FileState.None))));
    }

    /// <summary>The directories of files that were left, each once, at the first of them: for the next scan to begin with.</summary>
    public IEnumerable<ScanTurn> Left() =>
        scan.Entries.Where((_, i) => _isLeft[i]).DistinctBy(entry => entry.Path.Parent).Select(entry => new ScanTurn(entry.Path.Parent, entry.Number));

    /// <summary>What is known now that the index does not say. A stat is kept only if later changes must show in it.</summary>
    /// <param name="news">What the head records otherwise than the index; it is added to.</param>
    /// <param name="startedNs">When the scan began, in nanoseconds since 1970.</param>
    /// <returns>How much the next scan is spared by an index that says it, in files to be read.</returns>
    public double AddTo(StateTree news, long startedNs)
    {
        double spared = scan.Missing.Count;
        for (var i = 0; i < _states.Length; i++)
        {
            var (path, stat) = (scan.Entries[i].Path, scan.Entries[i].Stat);
            if (_states[i] is { } state)
            {
                var isSettled = StatTrust.IsSettled(stat, startedNs) && IsOf(stat, state);
                news.Set(path, state, isSettled ? stat : null);
                spared += isSettled ? 1 + (stat.SizeBytes / BytesPerOpening) : 0;
            }
        }

        foreach (var missing in scan.Missing)
        {
            news.Set(missing.Path, FileState.None);
        }

        return spared;
    }

    // What was read may be of another moment than the stat; then the next stat is another one too, unless it is of another kind.
    private static bool IsOf(in EntryStat stat, FileState state) => state switch
    {
        FileState.Regular file => stat.IsFile && file.SizeBytes == stat.SizeBytes && file.Mode == stat.Mode,
        FileState.Symlink => stat.Type == EntryType.Symlink,
        FileState.Directory => stat.IsDirectory,
        _ => false,
    };

    private static Dictionary<long, IndexRecord> FindMovable(ScanResult scan)
    {
        var movable = new Dictionary<long, IndexRecord>();
        foreach (var missing in scan.Missing)
        {
            if (missing.Record.Inode != 0)
            {
                movable[missing.Record.Inode] = missing.Record;
            }
        }

        return movable;
    }

    private void ReadEntries(Func<bool> isOverdue, CancellationToken cancellationToken)
    {
        for (int i; (i = Interlocked.Increment(ref _next) - 1) < _states.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entry = scan.Entries[i];
            if (i > 0 && !entry.Stat.IsDirectory && isOverdue())
            {
                _isLeft[i] = true;
                coverage.Skip(entry.Path.Parent, SkipReason.Deadline);
                continue;
            }

            _states[i] = Read(entry);
            Done?.Invoke(entry);
        }
    }

    private FileState? Read(in ScannedEntry entry)
    {
        // The content may be one whose snapshot was never committed, or of another store: then it has to be read again.
        if (Known(entry) is not { } known || (known != entry.Before.ContentId && !reader.Keeps(known)))
        {
            return reader.Read(entry.Path, entry.Stat, entry.Before);
        }

        if (entry.Stat is { IsFile: true, LinkCount: > 1 })
        {
            coverage.Skip(entry.Path, SkipReason.Hardlink);
        }

        return entry.Stat.IsFile ? new FileState.Regular(entry.Stat.Mode, known, entry.Stat.SizeBytes) : new FileState.Symlink(known, entry.Stat.SizeBytes);
    }

    /// <summary>The entry's content, if that is known without reading it: from its stat, or because it came here with its directory.</summary>
    private ContentId? Known(in ScannedEntry entry) =>
        entry.Known ?? (entry.Stat.IsFile && _movable.TryGetValue(entry.Stat.Inode, out var record) && record.IsSameFile(entry.Stat) ? record.Content : null);
}
