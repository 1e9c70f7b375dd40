using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>
/// L2: operations of sessions beyond L1, and others that were asked for. Up to 1,000 of each session, and all within a
/// budget of bytes; the least recently used leave first. What leaves is still on disk, one read away.
/// </summary>
internal sealed class SessionCache(long maxBytes) : IMemoryLayer
{
    /// <summary>How many operations of one session (seed, L2 capacity). Those without a session count as one.</summary>
    public const int MaxOperationsPerSession = 1_000;

    private readonly Dictionary<SnapshotNumber, Entry> _entries = [];
    private readonly LinkedList<Entry> _byUse = new(); // the least recently used last
    private readonly Dictionary<string, LinkedList<Entry>> _bySession = new(StringComparer.Ordinal);
    private readonly HeldContents _held = new();

    public LayerUse Use => new(SnapshotLayer.L2, _entries.Count, _held.SizeBytes);

    public OperationSnapshot? Find(SnapshotNumber number)
    {
        if (!_entries.TryGetValue(number, out var entry))
        {
            return null;
        }

        entry.Use();
        return entry.Operation;
    }

    public byte[]? FindContent(ContentId id) => _held.Find(id);

    public IReadOnlyList<OperationSnapshot> Add(OperationSnapshot operation)
    {
        if (!operation.IsLight)
        {
            return [operation];
        }

        Remove(operation.Number);
        var session = SessionOf(operation);
        if (!_bySession.TryGetValue(session, out var ofSession))
        {
            _bySession[session] = ofSession = new LinkedList<Entry>();
        }

        var entry = new Entry(operation, _byUse, ofSession);
        _entries[operation.Number] = entry;
        _held.Add(operation);

        var shed = new List<OperationSnapshot>();
        if (ofSession.Count > MaxOperationsPerSession)
        {
            Drop(ofSession.Last!.Value, shed);
        }

        ShrinkTo(maxBytes, shed);
        return shed;
    }

    public void Remove(SnapshotNumber number)
    {
        if (_entries.TryGetValue(number, out var entry))
        {
            Drop(entry, []);
        }
    }

    public void Trim(long maxBytes)
    {
        ShrinkTo(maxBytes, []);
        _entries.TrimExcess();
        _bySession.TrimExcess();
        _held.TrimExcess();
    }

    private void ShrinkTo(long bytes, List<OperationSnapshot> shed)
    {
        while (_held.SizeBytes > bytes && _byUse.Last is { } last)
        {
            Drop(last.Value, shed);
        }
    }

    private void Drop(Entry entry, List<OperationSnapshot> shed)
    {
        entry.Unlink();
        _entries.Remove(entry.Operation.Number);
        _held.Remove(entry.Operation);
        if (entry.OfSession.Count == 0)
        {
            _bySession.Remove(SessionOf(entry.Operation));
        }

        shed.Add(entry.Operation);
    }

    private static string SessionOf(OperationSnapshot operation) => operation.Operation.Actor.Session ?? "";

    /// <summary>An operation's place in both orders of use: of all, and of its session's.</summary>
    private sealed class Entry
    {
        private readonly LinkedListNode<Entry> _amongAll;
        private readonly LinkedListNode<Entry> _inSession;
        private readonly LinkedList<Entry> _all;

        public Entry(OperationSnapshot operation, LinkedList<Entry> all, LinkedList<Entry> ofSession)
        {
            (Operation, OfSession, _all) = (operation, ofSession, all);
            _amongAll = all.AddFirst(this);
            _inSession = ofSession.AddFirst(this);
        }

        public OperationSnapshot Operation { get; }

        public LinkedList<Entry> OfSession { get; }

        public void Use()
        {
            Unlink();
            _all.AddFirst(_amongAll);
            OfSession.AddFirst(_inSession);
        }

        public void Unlink()
        {
            _all.Remove(_amongAll);
            OfSession.Remove(_inSession);
        }
    }
}
