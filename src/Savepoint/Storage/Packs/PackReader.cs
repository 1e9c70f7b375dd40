using Savepoint.Model;

namespace Savepoint.Storage.Packs;

/// <summary>
/// Cuts contents out of packs. The pack decoded last stays in memory, since neighbours are asked for together: the
/// versions of one file, the files of one directory. Inside a read of the database, whose lock guards it.
/// </summary>
internal sealed class PackReader(StoreDatabase database) : IMemoryAccount
{
    /// <summary>What a pack decodes to at most: what reading any content of it may cost, 2 to 5 ms, against how much its versions have in common.</summary>
    public const int MaxPackBytes = 4 * 1024 * 1024;

    private long _pack;
    private byte[] _decoded = [];

    public string Name => "pack";

    public long Bytes => _decoded.Length;

    public void Trim(long maxBytes) => database.Read(() =>
    {
        if (_decoded.Length > maxBytes)
        {
            (_pack, _decoded) = (0, []);
        }

        return true;
    });

    public byte[] Read(PackPlace place, long sizeBytes)
    {
        if (place.Pack != _pack)
        {
            _decoded = Decode(place.Pack);
            _pack = place.Pack;
        }

        return place.OffsetBytes + sizeBytes <= _decoded.Length
            ? _decoded.AsSpan((int)place.OffsetBytes, (int)sizeBytes).ToArray()
            : throw Damaged($"its place is beyond the end of pack {place.Pack}");
    }

    private byte[] Decode(long pack)
    {
        using var row = database.Prepare("SELECT size, data FROM packs WHERE id = $1").Query(pack);
        return !row.Read() ? throw Damaged($"pack {pack} is missing")
            : row.GetInt64(0) is var size and >= 0 and <= MaxPackBytes ? ContentCodec.Decompress(row.Bytes(1), default, (int)size)
            : throw Damaged($"pack {pack} has an impossible size");
    }

    private static SavepointException Damaged(string why) =>
        new(ErrorCode.Damaged, $"A recorded content cannot be read: {why}.", "Run 'savepoint verify' to see what is lost.");
}
