using Savepoint.Diagnostics;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// The contents used last, decoded, up to a number of bytes: the file in hand is the prefix of its next version and what
/// an undo brings back. Thread-safe. The least recently used leave first.
/// </summary>
internal sealed class RecentContents(long maxBytes) : IMemoryAccount
{
    /// <summary>What the runtime holds for each: the array's header, a node, an entry of the dictionary.</summary>
    private const int OverheadBytes = 180;

    private readonly Dictionary<ContentId, LinkedListNode<(ContentId Id, byte[] Content)>> _byId = [];
    private readonly LinkedList<(ContentId Id, byte[] Content)> _byUse = new();
    private readonly Lock _gate = new();
    private long _bytes;
    private long _hits;
    private long _misses;

    /// <summary>How often <see cref="Find"/> found and did not find, since this was asked last.</summary>
    public (long Hits, long Misses) TakeCounts()
    {
        lock (_gate)
        {
            var counts = (_hits, _misses);
            (_hits, _misses) = (0, 0);
            return counts;
        }
    }

    /// <summary>Whether counting is worth a write to the store: a process that ends at once says little of a cache.</summary>
    public bool HasManyCounts => _hits + _misses >= 1000;

    public string Name => "contents";

    public long Bytes => Volatile.Read(ref _bytes);

    public byte[]? Find(ContentId id)
    {
        lock (_gate)
        {
            var isHit = _byId.TryGetValue(id, out var node);
            Telemetry.LookedUp(isHit);
            if (!isHit)
            {
                _misses++;
                return null;
            }

            _hits++;
            _byUse.Remove(node!);
            _byUse.AddFirst(node!);
            return node!.Value.Content;
        }
    }

    /// <summary>As <see cref="Find"/>, for what is needed on the way to another content: neither counted nor a use.</summary>
    public byte[]? Peek(ContentId id)
    {
        lock (_gate)
        {
            return _byId.TryGetValue(id, out var node) ? node.Value.Content : null;
        }
    }

    public void Put(ContentId id, byte[] content)
    {
        if (content.Length > maxBytes / 4)
        {
            return; // one large file must not push out everything else
        }

        lock (_gate)
        {
            if (!_byId.ContainsKey(id))
            {
                _byId[id] = _byUse.AddFirst((id, content));
                _bytes += content.Length + OverheadBytes;
            }

            ShrinkTo(maxBytes);
        }
    }

    public void Trim(long maxBytes)
    {
        lock (_gate)
        {
            ShrinkTo(maxBytes);
            _byId.TrimExcess();
        }
    }

    private void ShrinkTo(long bytes)
    {
        while (_bytes > bytes)
        {
            var last = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _byId.Remove(last.Id);
            _bytes -= last.Content.Length + OverheadBytes;
        }
    }
}
