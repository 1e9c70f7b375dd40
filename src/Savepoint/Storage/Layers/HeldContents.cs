using Savepoint.Model;

namespace Savepoint.Storage.Layers;

/// <summary>
/// The contents of a layer's operations and what all of it weighs. What stands after one edit stands before the next, so a
/// content is counted once, however many operations name it, and leaves with the last of them.
/// </summary>
internal sealed class HeldContents
{
    /// <summary>An array's header and its entry in the tables of this layer, as measured on .NET 10.</summary>
    private const int EntryBytes = 150;

    private readonly Dictionary<ContentId, (byte[] Bytes, int Users)> _contents = [];

    /// <summary>The weight of the operations and of their contents.</summary>
    public long SizeBytes { get; private set; }

    public byte[]? Find(ContentId id) => _contents.TryGetValue(id, out var held) ? held.Bytes : null;

    public void Add(OperationSnapshot operation)
    {
        SizeBytes += operation.OwnBytes;
        foreach (var (id, bytes) in operation.Held)
        {
            if (_contents.TryGetValue(id, out var held))
            {
                _contents[id] = held with { Users = held.Users + 1 };
            }
            else
            {
                _contents[id] = (bytes, 1);
                SizeBytes += bytes.Length + EntryBytes;
            }
        }
    }

    /// <summary>Gives back what the table has room for beyond what it holds.</summary>
    public void TrimExcess() => _contents.TrimExcess();

    public void Remove(OperationSnapshot operation)
    {
        SizeBytes -= operation.OwnBytes;
        foreach (var id in operation.Held.Keys)
        {
            var held = _contents[id];
            if (held.Users > 1)
            {
                _contents[id] = held with { Users = held.Users - 1 };
            }
            else
            {
                _contents.Remove(id);
                SizeBytes -= held.Bytes.Length + EntryBytes;
            }
        }
    }
}
