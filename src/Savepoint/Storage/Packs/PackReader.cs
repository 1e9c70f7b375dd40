using Savepoint.Model;

namespace Savepoint.Storage.Packs;

/// <summary>
/// Cuts contents out of packs. The pack decoded last stays in memory, since neighbours are asked for together: the
/// versions of one file, the files of one directory. A pack is decoded as far as the first content asked for; only who asks
/// beyond that pays for the rest. One array serves all: of its size a new one for each pack would have the collector go through the whole heap
/// every few packs. Inside a read of the database, whose lock guards it.
/// </summary>
internal sealed class PackReader(StoreDatabase database) : IMemoryAccount
{
    /// <summary>What a pack decodes to at most: what reading any content of it may cost, 2 to 5 ms, against how much its versions have in common.</summary>
    public const int MaxPackBytes = 4 * 1024 * 1024;

    private long _pack;
    private byte[] _bytes = []; // may be longer than the pack
    private int _decoded; // how many of them

    public string Name => "pack";

    public long Bytes => _bytes.Length;

    public void Trim(long maxBytes) => database.Read(() =>
    {
        if (_bytes.Length > maxBytes)
        {
            (_pack, _bytes, _decoded) = (0, [], 0);
        }

        return true;
    });

    public byte[] Read(PackPlace place, long sizeBytes)
    {
        var end = place.OffsetBytes is >= 0 and <= MaxPackBytes ? place.OffsetBytes + sizeBytes : throw Damaged($"its place is beyond the end of pack {place.Pack}");
        if (place.Pack != _pack || end > _decoded)
        {
            Decode(place.Pack, end, isWhole: place.Pack == _pack);
        }

        return _bytes.AsSpan((int)place.OffsetBytes, (int)sizeBytes).ToArray();
    }

    private void Decode(long pack, long end, bool isWhole)
    {
        using var row = database.Prepare("SELECT size, data FROM packs WHERE id = $1").Query(pack);
        var size = !row.Read() ? throw Damaged($"pack {pack} is missing")
            : row.GetInt64(0) is var recorded and >= 0 and <= MaxPackBytes ? (int)recorded
            : throw Damaged($"pack {pack} has an impossible size");
        if (end > size)
        {
            throw Damaged($"its place is beyond the end of pack {pack}");
        }

        (_pack, _decoded) = (0, 0); // a damaged one leaves nothing
        var content = Room(size);
        if (isWhole)
        {
            ContentCodec.Decompress(row.BytesInPlace(1), default, content);
            _decoded = size;
        }
        else
        {
            _decoded = ContentCodec.DecompressHead(row.BytesInPlace(1), content, (int)end);
        }

        _pack = pack;
    }

    private Span<byte> Room(int size)
    {
        if (_bytes.Length < size)
        {
            var length = Math.Min(MaxPackBytes, Math.Max(size, 2 * _bytes.Length));
            _bytes = []; // so that there is room for the new one
            _bytes = GC.AllocateUninitializedArray<byte>(length);
        }

        return _bytes.AsSpan(0, size);
    }

    private static SavepointException Damaged(string why) =>
        new(ErrorCode.Damaged, $"A recorded content cannot be read: {why}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
}
