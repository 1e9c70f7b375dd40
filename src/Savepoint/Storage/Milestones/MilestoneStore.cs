using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// L3: the folder of archives. Finds the one that holds a snapshot, and reads states, snapshots and contents from archives
/// alone: the database need not be there. Thread-safe; other processes may add and replace files meanwhile.
/// </summary>
internal sealed class MilestoneStore(string folder) : IContentSource, IDisposable
{
    private readonly Dictionary<long, MilestoneArchive> _open = [];
    private readonly Lock _gate = new();

    /// <summary>The folder's name in a store.</summary>
    public const string FolderName = "milestones";

    public string Folder { get; } = folder;

    /// <summary>The snapshots whose states are archived each in a file of its own, the oldest first.</summary>
    public List<SnapshotNumber> Numbers() => !Directory.Exists(Folder) ? []
        : [.. Directory.EnumerateFiles(Folder).Select(MilestoneFile.NumberOf).OfType<long>().Order().Select(number => new SnapshotNumber(number))];

    /// <summary>Whether a folder has any archive.</summary>
    public static bool HasArchives(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(file => MilestoneFile.NumberOf(file) is not null);

    /// <summary>What all files take on disk.</summary>
    public long SizeBytes() => !Directory.Exists(Folder) ? 0
        : Directory.EnumerateFiles(Folder).Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0);

    /// <summary>Deletes a folder of archives and what belongs to it; anything else in it stays.</summary>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder).Where(file => MilestoneFile.NumberOf(file) is not null || Path.GetFileName(file) is StoreFiles.Lock or MilestoneFileWriter.AsideName))
        {
            File.Delete(file);
        }

        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>The archive at a snapshot.</summary>
    /// <exception cref="SavepointException">It is not there, or cannot be read at all.</exception>
    public MilestoneArchive Open(SnapshotNumber number)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(number.Value, out var archive))
            {
                _open[number.Value] = archive = MilestoneArchive.Open(MilestoneFile.PathOf(Folder, number));
            }

            return archive;
        }
    }

    /// <summary>Whether the archive at a snapshot is there and says what it holds.</summary>
    public bool IsReadable(SnapshotNumber number) => TryOpen(number) is not null;

    /// <summary>The archive that holds a snapshot; null if none does. Archives that cannot be read are passed over.</summary>
    public MilestoneArchive? FindHolding(SnapshotNumber number) =>
        Numbers().Where(at => at >= number).Select(TryOpen).FirstOrDefault(archive => archive is not null && archive.Summary.Holds(number.Value));

    /// <summary>A milestone, whole.</summary>
    /// <exception cref="SavepointException">It, or an archive that it stands on, is damaged or missing.</exception>
    public MilestoneSnapshot Load(SnapshotNumber number)
    {
        var archive = Open(number);
        var history = archive.Snapshots().ToList();
        var verifications = archive.Verifications();
        return new MilestoneSnapshot(
            history[^1],
            new ProjectState(StateAt(archive)),
            new CompressedHistory(history, archive.Summary.Parent.Number == 0 ? null : new SnapshotNumber(archive.Summary.Parent.Number), archive.Summary.Statistics.ContentBytes, archive.File.SizeBytes),
            new QualityMetrics(verifications),
            BaselineOf(archive),
            archive.Summary.Statistics);
    }

    /// <summary>All that stood in the workspace at a snapshot that some archive holds.</summary>
    /// <exception cref="SavepointException">None holds it, or what it takes is damaged.</exception>
    public Dictionary<WorkspacePath, FileState> StateAt(SnapshotNumber number)
    {
        var archive = FindHolding(number) ?? throw NotArchived(number);
        return archive.Summary.Mark.Number == number.Value ? StateAt(archive) : Replay(archive, number);
    }

    /// <summary>What stood at one path at the snapshot of an archive: of each manifest on the way, only what leads to it is read.</summary>
    public FileState StateAt(MilestoneArchive archive, WorkspacePath path)
    {
        for (var at = archive; at is not null; at = Base(at))
        {
            foreach (var (entry, state) in at.Manifest())
            {
                if (entry == path)
                {
                    return state.Resolve(at.Contents);
                }
            }
        }

        return FileState.None;
    }

    public byte[] Read(ContentId id)
    {
        using var whole = new MemoryStream();
        CopyTo(id, whole);
        return whole.ToArray();
    }

    public void CopyTo(ContentId id, Stream destination)
    {
        foreach (var archive in Numbers().AsEnumerable().Reverse().Select(TryOpen).OfType<MilestoneArchive>())
        {
            if (archive.Contents.Find(id) is { } ordinal)
            {
                archive.Contents.CopyTo(ordinal, destination);
                return;
            }
        }

        throw new SavepointException(ErrorCode.Damaged, $"The content {id} is in no archive.", "Run 'savepoint verify --deep' to see what is lost and 'savepoint repair' to mend it.");
    }

    /// <summary>The archives that one stands on, the newest first.</summary>
    /// <exception cref="SavepointException">One is missing, or another stands in its place.</exception>
    public IEnumerable<MilestoneArchive> Ancestors(MilestoneArchive archive)
    {
        for (var at = Parent(archive); at is not null; at = Parent(at))
        {
            yield return at;
        }
    }

    /// <summary>Whether all that an archive stands on is there.</summary>
    public bool IsWhole(MilestoneArchive archive)
    {
        try
        {
            return Ancestors(archive).Count() >= 0;
        }
        catch (SavepointException)
        {
            return false;
        }
    }

    /// <summary>The archive to which the differences of one at this position are stored; null for none before it.</summary>
    public MilestoneArchive? BaseFor(MilestoneArchive? parent)
    {
        if (parent is null)
        {
            return null;
        }

        var steps = ContentEncoder.BaseDistance(parent.Summary.Position + 1) - 1;
        return steps == 0 ? parent : Ancestors(parent).Skip((int)steps - 1).FirstOrDefault() ?? parent;
    }

    public MilestoneArchive? Parent(MilestoneArchive archive) => Named(archive, archive.Summary.Parent);

    /// <summary>
    /// Lets go of what is open, so that replaced and deleted files are seen as such. It is not closed here, since another thread may be reading it:
    /// the runtime closes it once nobody holds it.
    /// </summary>
    public void Forget()
    {
        lock (_gate)
        {
            _open.Clear();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var archive in _open.Values)
            {
                archive.Dispose();
            }

            _open.Clear();
        }
    }

    private MilestoneArchive? Base(MilestoneArchive archive) => Named(archive, archive.Summary.ManifestBase);

    private MilestoneArchive? Named(MilestoneArchive archive, HeadMark mark)
    {
        if (mark == HeadMark.None)
        {
            return null;
        }

        var named = Open(new SnapshotNumber(mark.Number));
        return named.Summary.Mark == mark ? named
            : throw new SavepointException(ErrorCode.Damaged, $"The archive {archive.Summary.Mark.Number} stands on another archive {mark.Number} than the one that is there.", "Run 'savepoint verify --deep' to see what is lost and 'savepoint repair' to mend it.");
    }

    private MilestoneArchive? TryOpen(SnapshotNumber number)
    {
        try
        {
            return Open(number);
        }
        catch (SavepointException)
        {
            return null; // a verification says what is wrong with it
        }
    }

    private Dictionary<WorkspacePath, FileState> StateAt(MilestoneArchive archive)
    {
        try
        {
            var state = Base(archive) is { } earlier ? StateAt(earlier) : new Dictionary<WorkspacePath, FileState>(ExpectedEntries(archive));
            foreach (var (path, entry) in archive.Manifest())
            {
                Set(state, path, entry.Resolve(archive.Contents));
            }

            return state;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return Replay(archive, new SnapshotNumber(archive.Summary.Mark.Number)); // the history says it as well
        }
    }

    /// <summary>How many entries its state has, as far as that is to be believed before it is read.</summary>
    private static int ExpectedEntries(MilestoneArchive archive) => (int)Math.Clamp(archive.Summary.Statistics.EntryCount, 0, archive.File.SizeBytes);

    private Dictionary<WorkspacePath, FileState> Replay(MilestoneArchive archive, SnapshotNumber number)
    {
        var state = Parent(archive) is { } parent ? StateAt(parent) : [];
        foreach (var snapshot in archive.History().TakeWhile(snapshot => snapshot.Header.Number <= number))
        {
            foreach (var change in snapshot.Changes)
            {
                if (change.OldPath is { } old)
                {
                    state.Remove(old);
                }

                Set(state, change.Path, change.After.Resolve(archive.Contents));
            }
        }

        return state;
    }

    private static void Set(Dictionary<WorkspacePath, FileState> state, WorkspacePath path, FileState entry)
    {
        if (entry.IsAbsent)
        {
            state.Remove(path);
        }
        else
        {
            state[path] = entry;
        }
    }

    private PerformanceBaseline BaselineOf(MilestoneArchive archive) => Ancestors(archive).Prepend(archive)
        .SelectMany(at => at.Verifications().Reverse())
        .Where(verification => verification.Figures.Count > 0)
        .Select(verification => new PerformanceBaseline(verification.Snapshot, verification.Figures))
        .FirstOrDefault() ?? new PerformanceBaseline(null, []);

    private static SavepointException NotArchived(SnapshotNumber number) =>
        new(ErrorCode.UnknownRevision, $"Snapshot {number} is in no archive.", "'savepoint milestone NAME REV' archives it.");
}
