using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>
/// Takes contents one behind the other and writes them as packs, each with the block that describes it. A pack decodes to at
/// most 16 MiB: what reading any content of it costs, some 20 ms, against how much its versions have in common. A content
/// that does not fit begins a new pack; one that is larger than that goes on in the next.
/// </summary>
internal sealed class PackStream(MilestoneFileWriter file, int level) : WriteOnlyStream
{
    public const int MaxPackBytes = 16 * 1024 * 1024;

    private readonly MemoryStream _pack = new();
    private readonly List<(ContentId Id, long SizeBytes)> _begun = [];
    private long _ordinal;
    private long _packStart;
    private long _firstStart;

    /// <summary>Announces the next content; its bytes follow.</summary>
    public void Begin(ContentId id, long sizeBytes)
    {
        if (_pack.Length > 0 && _pack.Length + sizeBytes > MaxPackBytes)
        {
            EndPack();
        }

        if (_begun.Count == 0)
        {
            _firstStart = _packStart + _pack.Length;
        }

        _begun.Add((id, sizeBytes));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_pack.Length == MaxPackBytes)
            {
                EndPack();
            }

            var taken = (int)Math.Min(buffer.Length, MaxPackBytes - _pack.Length);
            _pack.Write(buffer[..taken]);
            buffer = buffer[taken..];
        }
    }

    /// <summary>Writes what is left.</summary>
    public void Finish()
    {
        if (_pack.Length > 0 || _begun.Count > 0)
        {
            EndPack();
        }
    }

    private void EndPack()
    {
        var plain = _pack.GetBuffer().AsSpan(0, (int)_pack.Length);
        file.Add(BlockKind.Pack, plain, level);
        file.Add(BlockKind.Contents, ContentTable.Write(_ordinal, _packStart, _firstStart, _begun), level);
        _ordinal += _begun.Count;
        _packStart += plain.Length;
        _begun.Clear();
        _pack.SetLength(0);
    }
}
