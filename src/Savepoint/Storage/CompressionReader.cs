using Savepoint.Model;
using Savepoint.Storage.Packs;

namespace Savepoint.Storage;

/// <summary>Says how contents are stored, from their rows alone: nothing is decoded.</summary>
internal sealed class CompressionReader(StoreDatabase database)
{
    /// <summary>How the contents that a snapshot brought are stored, each once.</summary>
    public CompressionMetadata Of(Snapshot snapshot) => database.ReadConsistently(() => new CompressionMetadata(
        [.. snapshot.Changes.Where(change => change.After.ContentId != change.Before.ContentId).Select(change => change.After.ContentId).OfType<ContentId>().Distinct()
            .Select(id => ContentRows.Find(database, id)).OfType<long>().Select(Describe)]));

    private ContentCompression Describe(long row)
    {
        var content = ContentRows.Describe(database, row)!;
        var method = content.Method switch
        {
            ContentMethod.Raw => CompressionMethod.None,
            ContentMethod.Zstd => CompressionMethod.Alone,
            ContentMethod.Chunks => CompressionMethod.Chunks,
            ContentMethod.Packed => CompressionMethod.Pack,
            _ => CompressionMethod.AgainstBase,
        };
        var baseId = content.Base is { } other ? ContentRows.Describe(database, other)?.Id : null;
        return new ContentCompression(content.Id, method, baseId, content.SizeBytes, StoredBytes(content));
    }

    private long StoredBytes(ContentRows.Description content) => content.Method switch
    {
        ContentMethod.Packed => ShareOfPack(content),
        ContentMethod.Chunks => LengthOf(content.Row) + ContentRows.ChunkList(ContentRows.Load(database, content.Row).Data).Distinct().Sum(chunk => StoredBytes(ContentRows.Describe(database, chunk)!)),
        _ => LengthOf(content.Row),
    };

    private long LengthOf(long row) => database.Prepare("SELECT length(data) FROM contents WHERE id = $1").Scalar(row) ?? 0;

    private long ShareOfPack(ContentRows.Description content)
    {
        var place = PackPlace.Parse(ContentRows.Load(database, content.Row).Data);
        using var pack = database.Prepare("SELECT size, length(data) FROM packs WHERE id = $1").Query(place.Pack);
        return pack.Read() && pack.GetInt64(0) is > 0 and var size ? (long)Math.Ceiling((double)content.SizeBytes / size * pack.GetInt64(1)) : 0;
    }
}
