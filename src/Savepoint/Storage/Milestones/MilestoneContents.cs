using Savepoint.Model;

namespace Savepoint.Storage.Milestones;

/// <summary>The contents of one archive, by ordinal or by id. The pack decoded last stays in memory, since neighbours are asked for together. Thread-safe.</summary>
internal sealed class MilestoneContents
{
    private readonly MilestoneFile _file;
    private readonly List<(ContentTable? Table, MilestoneBlock? Pack)> _portions = [];
    private readonly Dictionary<ContentId, long> _ordinals = [];
    private readonly ContentTable[] _tables; // by their first ordinal
    private readonly Lock _gate = new();
    private MilestoneBlock? _decodedPack;
    private byte[] _decoded = [];

    public MilestoneContents(MilestoneFile file)
    {
        _file = file;
        for (var i = 0; i < file.Blocks.Count; i++)
        {
            if (file.Blocks[i].Kind == BlockKind.Contents)
            {
                _portions.Add((TryParse(file.Blocks[i]), i > 0 && file.Blocks[i - 1] is { Kind: BlockKind.Pack } pack ? pack : null));
            }
        }

        _tables = [.. _portions.Select(portion => portion.Table).OfType<ContentTable>().OrderBy(table => table.FirstOrdinal)];
        _ordinals.EnsureCapacity(_tables.Sum(table => table.Ids.Count));
        foreach (var table in _tables)
        {
            for (var i = 0; i < table.Ids.Count; i++)
            {
                _ordinals.TryAdd(table.Ids[i], table.FirstOrdinal + i);
            }
        }
    }

    public IReadOnlyCollection<ContentId> Ids => _ordinals.Keys;

    public long? Find(ContentId id) => _ordinals.TryGetValue(id, out var ordinal) ? ordinal : null;

    /// <summary>Which content has an ordinal.</summary>
    /// <exception cref="SavepointException">The block that says it is damaged.</exception>
    public (ContentId Id, long SizeBytes) Describe(long ordinal)
    {
        var (id, _, size) = TableOf(ordinal).Describe(ordinal);
        return (id, size);
    }

    /// <summary>Writes a content, checked against its hash once all of it is written.</summary>
    /// <exception cref="SavepointException">A pack that it lies in is damaged.</exception>
    public void CopyTo(long ordinal, Stream destination)
    {
        var (id, start, size) = TableOf(ordinal).Describe(ordinal);
        using var hash = new ContentHash(size);
        for (var (at, end) = (start, start + size); at < end;)
        {
            var piece = Piece(at, end - at);
            hash.Append(piece.Span);
            destination.Write(piece.Span);
            at += piece.Length;
        }

        if (hash.Finish() != id)
        {
            throw Damaged($"content {id} does not match its hash");
        }
    }

    /// <summary>The bytes of the stream from a position to the end of the pack there, at most so many.</summary>
    private ReadOnlyMemory<byte> Piece(long start, long maxBytes)
    {
        foreach (var (table, pack) in _portions)
        {
            if (table is not null && pack is not null && start >= table.PackStartBytes && start < table.PackStartBytes + pack.DecodedBytes)
            {
                var offset = (int)(start - table.PackStartBytes);
                var decoded = Decode(pack);
                return decoded.AsMemory(offset, (int)Math.Min(maxBytes, decoded.Length - offset));
            }
        }

        throw Damaged($"the pack at {start} of its contents is lost");
    }

    private byte[] Decode(MilestoneBlock pack)
    {
        lock (_gate)
        {
            if (_decodedPack != pack)
            {
                _decoded = _file.Read(pack);
                _decodedPack = pack;
            }

            return _decoded;
        }
    }

    private ContentTable TableOf(long ordinal)
    {
        var (low, high) = (0, _tables.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _tables[middle].FirstOrdinal <= ordinal ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && _tables[low - 1].Holds(ordinal) ? _tables[low - 1] : throw Damaged($"the block that describes content {ordinal} is lost");
    }

    private ContentTable? TryParse(MilestoneBlock block)
    {
        try
        {
            return ContentTable.Parse(_file.Read(block));
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return null; // what it costs is found when it is asked for, and by a verification
        }
    }

    private SavepointException Damaged(string why) =>
        new(ErrorCode.Damaged, $"The archive {Path.GetFileName(_file.FilePath)} is damaged: {why}.", "Run 'savepoint verify --deep' to see what is lost and 'savepoint repair' to mend it.");
}
