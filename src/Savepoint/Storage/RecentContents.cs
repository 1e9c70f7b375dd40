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

    public string Name => "contents";

    public long Bytes => Volatile.Read(ref _bytes);

    public byte[]? Find(ContentId id)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Content;
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
