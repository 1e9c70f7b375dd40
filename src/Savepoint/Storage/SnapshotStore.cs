using System.Buffers.Binary;
using Savepoint.Model;
using Savepoint.Storage.Layers;
using Savepoint.Storage.Milestones;

namespace Savepoint.Storage;

/// <summary>
/// One workspace's history on disk. What goes in: drafts of snapshots with the contents they name. What comes out:
/// numbered snapshots, and the state of any path at any of them. Thread-safe; any number of processes may share a store.
/// </summary>
internal sealed partial class SnapshotStore : IDisposable
{
    /// <summary>A log left longer than this makes the next opening slow: SQLite reads all of it.</summary>
    private const long MaxIdleLogBytes = 256 * 1024;

    private readonly StoreDatabase _database;
    private readonly PathTable _paths;
    private readonly StateTable _states;
    private readonly SnapshotWriter _writer;
    private readonly SnapshotReader _reader;
    private readonly LabelTable _labels;
    private readonly RestoreJournal _journal;
    private readonly LogKeeper _log;
    private readonly EventTable _events;
    private readonly BranchTable _branches;
    private readonly BaseTable _bases;
    private readonly CounterTable _counters;
    private long _appendedCount;
    private long _lastAppended;

    private SnapshotStore(string directory, StoreDatabase database)
    {
        DirectoryPath = directory;
        _database = database;
        _paths = new PathTable(database);
        _states = new StateTable(database, _paths);
        _writer = new SnapshotWriter(database, _paths, _states);
        _reader = new SnapshotReader(database);
        _labels = new LabelTable(database);
        _journal = new RestoreJournal(database);
        _log = new LogKeeper(database.Path);
        Contents = new ContentStore(database);
        Memory = [.. Contents.Memory, new PageCache(database)];
        Merges = new MergeTable(database);
        History = new HistoryReader(database, _reader, Merges);
        Spans = new SpanTable(database);
        Watchers = new WatcherTable(database);
        Verifications = new VerificationTable(database);
        Trials = new TrialTable(database);
        Experiments = new ExperimentTable(database, Trials);
        Census = new LayerCensus(database);
        Milestones = new MilestoneStore(Path.Combine(directory, MilestoneStore.FolderName));
        Turns = new TurnTable(database);
        _branches = new BranchTable(database, _reader);
        _bases = new BaseTable(database);
        _events = new EventTable(database, _reader);
        _counters = new CounterTable(database);
    }

    /// <summary>The store's folder.</summary>
    public string DirectoryPath { get; }

    public ContentStore Contents { get; }

    /// <summary>What is held in memory for speed alone.</summary>
    public IReadOnlyList<IMemoryAccount> Memory { get; }

    public HistoryReader History { get; }

    public IRestoreJournal Journal => _journal;

    public SpanTable Spans { get; }

    public WatcherTable Watchers { get; }

    public VerificationTable Verifications { get; }

    public TrialTable Trials { get; }

    public ExperimentTable Experiments { get; }

    public LayerCensus Census { get; }

    /// <summary>L3.</summary>
    public MilestoneStore Milestones { get; }

    public TurnTable Turns { get; }

    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, StoreFiles.Database));

    /// <summary>Whether a directory holds what belongs to a store's database, and no database, or an empty file: one that is being made has nothing yet.</summary>
    public static bool HasLostDatabase(string directory) => Directory.Exists(directory) && (!Exists(directory) || IsEmpty(directory))
        && (StoreFiles.Indexes(directory).Any() || File.Exists(Path.Combine(directory, StoreFiles.Rebuilt)) || MilestoneStore.HasArchives(Path.Combine(directory, MilestoneStore.FolderName)));

    private static bool IsEmpty(string directory) =>
        new FileInfo(Path.Combine(directory, StoreFiles.Database)) is { Exists: true, Length: 0 } && new FileInfo(Path.Combine(directory, StoreFiles.Log)) is not { Exists: true, Length: > 0 };

    /// <inheritdoc cref="StoreDatabase.OpenOrCreate"/>
    public static SnapshotStore OpenOrCreate(string directory, bool syncEachCommit) =>
        new(directory, StoreDatabase.OpenOrCreate(Path.Combine(directory, StoreFiles.Database), syncEachCommit));

    public static SnapshotStore Open(string directory, bool syncEachCommit) =>
        new(directory, StoreDatabase.Open(Path.Combine(directory, StoreFiles.Database), syncEachCommit));

    /// <inheritdoc cref="StoreDatabase.BeforeWrite"/>
    public void GuardWrites(Action guard) => _database.BeforeWrite = guard;

    /// <summary>Whether what was appended here passed a multiple of <paramref name="interval"/>: for what is worth doing once in a while only.</summary>
    public bool HasPassed(long interval) => _lastAppended / interval != (_lastAppended - _appendedCount) / interval;

    /// <summary>Runs several reads on one unchanging state of the store. Nothing may be written meanwhile.</summary>
    public T ReadConsistently<T>(Func<T> read) => _database.ReadConsistently(read);

    /// <summary>The newest snapshot of a branch; null before the baseline.</summary>
    public SnapshotNumber? Head(string branch) => _database.Read(() => HeadRow(branch)) is { } head ? new SnapshotNumber(head) : null;

    /// <summary>The greatest number given so far, on any branch; 0 before the baseline.</summary>
    public long NewestNumber() => _database.Read(() => _database.Prepare("SELECT max(number) FROM snapshots").Scalar()) ?? 0;

    /// <summary>The recorded tree of a branch's head, as it is now.</summary>
    public IHeadTree HeadTree(string branch) => new StoredHeadTree(this, branch);

    /// <summary>The recorded tree of a branch's head, as what changed since <paramref name="since"/>, or whole if that does not lie on its way.</summary>
    public HeadDelta ReadHead(string branch, HeadMark since) => _database.ReadConsistently(() =>
    {
        if (HeadRow(branch) is not { } head || Mark(head) is not { } mark)
        {
            return new HeadDelta(HeadMark.None, IsWhole: true, []);
        }

        var lineage = LineageOf(new SnapshotNumber(head));
        if (since.Number > 0 && Mark(since.Number) == since && lineage.Contains(BranchOf(since.Number), since.Number))
        {
            var changed = _states.ChangedSince(lineage, since.Number);
            return new HeadDelta(mark, IsWhole: false, changed.ConvertAll(path => KeyValuePair.Create(path.Path, _states.At(lineage, path.Id).State)));
        }

        return new HeadDelta(mark, IsWhole: true, [.. _states.Within(lineage, WorkspacePath.Root)]);
    });

    /// <summary>The mark of a snapshot; null if there is none of that number.</summary>
    public HeadMark? MarkOf(SnapshotNumber number) => _database.Read(() => Mark(number.Value));

    /// <summary>Takes the contents of a first recording.</summary>
    public BaselineContents BeginBaseline() => new(_database, Contents);

    /// <summary>Appends a snapshot with all contents added for it, and ends what it belongs to, in one transaction.</summary>
    /// <param name="draft">The snapshot to come.</param>
    /// <param name="ended">The restore that it ends; null if none.</param>
    /// <param name="endedSpan">The announced span that it ends; null if none.</param>
    /// <param name="seenSpan">For a watcher: the newest span it knows of. Null: the spans of others do not matter.</param>
    /// <param name="baseline">What took the contents, if not <see cref="Contents"/>.</param>
    /// <param name="needsChange">Whether it is worth a number only for what it changes, whatever else it tells.</param>
    /// <returns>The snapshot with its number; null if all of it was recorded already.</returns>
    /// <exception cref="HeadMovedException">See <see cref="SnapshotWriter.Append"/>; or a span that covers a change was announced after <paramref name="seenSpan"/>.</exception>
    public Snapshot? Append(Snapshot draft, PendingRestore? ended = null, long? endedSpan = null, long? seenSpan = null, BaselineContents? baseline = null, bool needsChange = false)
    {
        var appended = Contents.Commit(() =>
        {
            if (seenSpan is { } seen && Spans.IsCoveredSince(seen, draft.Branch, draft.Changes))
            {
                throw new HeadMovedException();
            }

            var snapshot = _writer.Append(draft, baseline is null ? null : baseline.RowOf, needsChange);
            if (ended is not null)
            {
                _journal.Remove(ended.Id);
            }

            if (endedSpan is { } span)
            {
                Spans.Remove(span);
            }

            if (snapshot?.Target is { } target)
            {
                Merges.Split(target, standsAlone: snapshot.Kind == SnapshotKind.Revert);
            }

            return snapshot;
        });
        if (draft.Kind == SnapshotKind.Baseline)
        {
            _database.CheckpointBriefly(); // nobody counts the milliseconds of a first recording, and every later opening gains
        }

        _log.Committed();
        if (appended is not null)
        {
            (_appendedCount, _lastAppended) = (_appendedCount + 1, appended.Number.Value);
        }

        return appended;
    }

    public Snapshot? Find(SnapshotNumber number) => _database.Read(() => _reader.Find(number.Value));

    /// <summary>As <see cref="Find"/>, without the changes.</summary>
    public Snapshot? FindHeader(SnapshotNumber number) => _database.Read(() => _reader.FindHeader(number.Value));

    /// <inheritdoc cref="SnapshotReader.GetHeader"/>
    public Snapshot GetHeader(SnapshotNumber number) => _database.Read(() => _reader.GetHeader(number.Value));

    /// <summary>Whether it is of a command that changed nothing, or of going back from one. The changes need not have been read.</summary>
    public bool IsIdle(Snapshot snapshot) => (snapshot.ExitCode is not null || snapshot.Kind == SnapshotKind.Rollback)
        && _database.Read(() => _database.Prepare("SELECT 1 FROM changes WHERE snapshot = $1 LIMIT 1").Scalar(snapshot.Number.Value)) is null;

    /// <summary>What stood at a path at a snapshot.</summary>
    public FileState StateAt(SnapshotNumber number, WorkspacePath path) =>
        _database.Read(() => _states.At(LineageOf(number), path).State);

    /// <summary>As <see cref="StateAt"/>, with the snapshot that made it so; null where nothing ever stood.</summary>
    public (FileState State, SnapshotNumber? Changed) ChangeAt(SnapshotNumber number, WorkspacePath path) =>
        _database.Read(() => _states.At(LineageOf(number), path) is { Changed: > 0 } found ? (found.State, new SnapshotNumber(found.Changed)) : (FileState.None, (SnapshotNumber?)null));

    /// <summary>What stood at each of these paths at a snapshot.</summary>
    public Dictionary<WorkspacePath, FileState> StatesAt(SnapshotNumber number, IReadOnlyCollection<WorkspacePath> paths) => _database.ReadConsistently(() =>
    {
        var lineage = LineageOf(number);
        return paths.ToDictionary(path => path, path => _states.At(lineage, path).State);
    });

    /// <summary>All that stood at and below a directory at a snapshot.</summary>
    public Dictionary<WorkspacePath, FileState> TreeAt(SnapshotNumber number, WorkspacePath directory) =>
        _database.ReadConsistently(() => _states.All(LineageOf(number), directory));

    /// <summary>The paths whose state differs between two snapshots, in path order, before at <paramref name="from"/>, after at <paramref name="to"/>.</summary>
    public List<FileChange> Between(SnapshotNumber from, SnapshotNumber to) => _database.ReadConsistently(() =>
    {
        var (before, after) = (LineageOf(from), LineageOf(to));
        var shared = SharedAncestor(before, after);
        var candidates = _states.ChangedSince(before, shared).Concat(_states.ChangedSince(after, shared)).DistinctBy(c => c.Id);
        var changes = new List<FileChange>();
        foreach (var (id, path) in candidates)
        {
            var change = new FileChange(path, _states.At(before, id).State, _states.At(after, id).State);
            if (change.Before != change.After)
            {
                changes.Add(change);
            }
        }

        changes.Sort((x, y) => x.Path.CompareTo(y.Path));
        return changes;
    });

    public bool RemoveLabel(string name) => _database.Write(() => _labels.Remove(name));

    public Label? FindLabel(string name) => _database.Read(() => _labels.Find(name));

    public List<Label> Labels() => _database.Read(_labels.All);

    public void Dispose()
    {
        try
        {
            _log.Dispose();
            Milestones.Dispose();
            if (_database.WalBytes > MaxIdleLogBytes)
            {
                _database.CheckpointBriefly();
            }
        }
        finally
        {
            _database.Dispose();
        }
    }

    private long? HeadRow(string branch) => _database.Prepare("SELECT coalesce(head, fork) FROM branches WHERE name = $1").Scalar(branch);

    private long BranchOf(long number) => _database.Prepare("SELECT branch FROM snapshots WHERE number = $1").Scalar(number) ?? 0;

    private HeadMark? Mark(long number)
    {
        using var row = _database.Prepare("SELECT hash FROM snapshots WHERE number = $1").Query(number);
        return row.Read() && row.Bytes(0) is { Length: SnapshotHash.LengthBytes } hash
            ? new HeadMark(number, BinaryPrimitives.ReadUInt128BigEndian(hash))
            : null;
    }

    private Lineage LineageOf(SnapshotNumber number) => Lineage.Of(_database, number.Value)
        ?? throw new SavepointException(ErrorCode.UnknownRevision, $"There is no snapshot {number}.", "'savepoint log' lists the snapshots.");

    /// <summary>The newest snapshot that both lineages pass; 0 if none.</summary>
    private static long SharedAncestor(Lineage x, Lineage y)
    {
        foreach (var segment in x.Segments)
        {
            foreach (var other in y.Segments)
            {
                if (other.Branch == segment.Branch)
                {
                    return Math.Min(segment.UpTo, other.UpTo);
                }
            }
        }

        return 0;
    }

    private sealed class StoredHeadTree(SnapshotStore store, string branch) : IHeadTree
    {
        public IReadOnlyDictionary<WorkspacePath, FileState> Find(IReadOnlyCollection<WorkspacePath> paths) => store._database.ReadConsistently(() =>
        {
            var lineage = store.HeadRow(branch) is { } head ? Lineage.Of(store._database, head) : null;
            return paths.ToDictionary(path => path, path => lineage is null ? FileState.None : store._states.At(lineage, path).State);
        });

        public IReadOnlyDictionary<WorkspacePath, FileState> Within(WorkspacePath directory) => store._database.ReadConsistently(() =>
        {
            if (store.HeadRow(branch) is not { } head)
            {
                return [];
            }

            return store._states.Within(Lineage.OfExisting(store._database, head), directory);
        });
    }
}
