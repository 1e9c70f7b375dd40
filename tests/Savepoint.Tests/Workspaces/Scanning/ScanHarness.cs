using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Scanning;

namespace Savepoint.Tests.Workspaces.Scanning;

/// <summary>Scans against a head that is a plain dictionary, and takes each scan's changes for recorded.</summary>
internal sealed class ScanHarness(WorkspaceTree tree, TimeProvider clock)
{
    private static readonly RecordingLimits Limits = new(long.MaxValue, MaxWholeBytes: 1 << 20);

    private readonly Dictionary<WorkspacePath, FileState> _head = [];
    private long _snapshot;

    /// <summary>The bytes of the index that the last scan wrote.</summary>
    public byte[] Index { get; set; } = [];

    /// <summary>The contents that the last scan read.</summary>
    public HashSet<ContentId> Read { get; private set; } = [];

    public HeadMark Head => new(_snapshot, (UInt128)(_snapshot * 77));

    /// <summary>What the head holds.</summary>
    public IReadOnlyDictionary<WorkspacePath, FileState> States => _head;

    /// <summary>Scans, and keeps the changes and what was found out.</summary>
    public List<FileChange> Capture()
    {
        var changes = Scan(ScanIndex.TryRead(Index) ?? ScanIndex.Empty, out var news, out var last);
        foreach (var change in changes.SelectMany(change => change.PerPath()))
        {
            Record(change.Path, change.After);
        }

        _snapshot++;
        Index = ScanIndexWriter.Write(last, news, Head);
        return changes;
    }

    /// <summary>What a scan finds that knows no index.</summary>
    public List<FileChange> Peek() => Scan(ScanIndex.Empty, out _, out _);

    private void Record(WorkspacePath path, FileState state)
    {
        if (state.IsAbsent)
        {
            _head.Remove(path);
        }
        else
        {
            _head[path] = state;
        }
    }

    private List<FileChange> Scan(ScanIndex index, out StateTree news, out ScanIndex last)
    {
        var startedNs = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var isOfHead = index.Head == Head && _snapshot > 0;
        news = new StateTree();
        foreach (var (path, state) in isOfHead ? [] : _head)
        {
            news.Set(path, state);
        }

        var found = new TreeScanner(tree, clock).Scan(new ScanOptions { Index = index, IsIndexOfHead = isOfHead, News = news }, CancellationToken.None);
        var (coverage, sink) = (new CoverageBuilder(), new Sink());
        var recorder = new TreeRecorder(found, new StateReader(tree, sink, Limits, coverage), coverage);
        var changes = recorder.Record(() => false, CancellationToken.None);
        recorder.AddTo(news, startedNs);
        (Read, last) = (sink.Added, isOfHead ? index : ScanIndex.Empty);
        return changes;
    }

    private sealed class Sink : IContentSink
    {
        public HashSet<ContentId> Added { get; } = [];

        public bool Contains(ContentId id) => true;

        public void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null)
        {
            lock (Added)
            {
                Added.Add(id);
            }
        }

        public (ContentId Id, long SizeBytes) Add(Stream content) => throw new NotSupportedException("The tests have no large files.");
    }
}
