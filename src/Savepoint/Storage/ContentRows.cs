using Savepoint.Model;
using Savepoint.Storage.Packs;

namespace Savepoint.Storage;

/// <summary>The rows of <c>contents</c>: finding, loading, decoding, inserting. Inside a read or write of the database.</summary>
internal static class ContentRows
{
    /// <summary>In a statement: whether the row has its bytes. Of what is lost, or was forgotten, one without them is left.</summary>
    public const string IsKept = "method <> 0 OR size = 0 OR length(data) > 0";

    /// <summary>What a row says of itself, without its data.</summary>
    public sealed record Description(long Row, ContentId Id, long SizeBytes, ContentMethod Method, long? Base, long Position);

    /// <summary>A row with its data.</summary>
    public sealed record Stored(ContentId Id, long SizeBytes, ContentMethod Method, long? Base, byte[] Data);

    public static long? Find(StoreDatabase database, ContentId id)
    {
        var hash = id.ToBytes();
        return database.Prepare("SELECT id FROM contents WHERE substr(hash, 1, 8) = substr($1, 1, 8) AND hash = $1").Scalar(hash);
    }

    /// <summary>As <see cref="Find"/>, of a content whose bytes are there.</summary>
    public static long? FindKept(StoreDatabase database, ContentId id) => Look(database, id) is { IsKept: true } found ? found.Row : null;

    public static Description? Describe(StoreDatabase database, long row)
    {
        using var reader = database.Prepare("SELECT id, hash, size, method, base, position FROM contents WHERE id = $1").Query(row);
        return reader.Read() ? Describe(reader) : null;
    }

    /// <summary>The content that a row's chain of bases ends at: the row itself, if it has none.</summary>
    public static Description? FirstOfLine(StoreDatabase database, long row)
    {
        var candidate = Describe(database, row);
        for (var steps = 0; candidate?.Base is { } earlier && steps < ContentEncoder.MaxChainLength; steps++)
        {
            candidate = Describe(database, earlier);
        }

        return candidate;
    }

    /// <summary>What the version after <paramref name="row"/> is encoded against, and the position that it takes.</summary>
    public static (Description Base, long Position)? BaseAfter(StoreDatabase database, long row)
    {
        if (Describe(database, row) is not { } candidate)
        {
            return null;
        }

        var position = candidate.Position + 1;
        var wanted = position - ContentEncoder.BaseDistance(position);
        for (var steps = 0; candidate.Position > wanted && candidate.Base is { } earlier && steps < ContentEncoder.MaxChainLength; steps++)
        {
            candidate = Describe(database, earlier) ?? throw Damaged($"row {earlier} is missing");
        }

        return (candidate, position);
    }

    public static Description Describe(Row reader) =>
        new(reader.GetInt64(0), reader.Id(1), reader.Size(2), (ContentMethod)reader.GetInt64(3), reader.Int64OrNull(4), reader.GetInt64(5));

    public static Stored Load(StoreDatabase database, long row)
    {
        using var reader = database.Prepare("SELECT hash, size, method, base, data FROM contents WHERE id = $1").Query(row);
        return reader.Read()
            ? new Stored(reader.Id(0), reader.Size(1), (ContentMethod)reader.GetInt64(2), reader.Int64OrNull(3), reader.Bytes(4))
            : throw Damaged($"row {row} is missing");
    }

    /// <summary>The decoded bytes of a row that is not in chunks: its bases first, then each frame on the one before.</summary>
    public static byte[] Decode(StoreDatabase database, PackReader packs, long row) => Decode(database, packs, row, Load(database, row));

    /// <summary>The same of a row that is loaded.</summary>
    /// <param name="database">Has the rows.</param>
    /// <param name="packs">Reads packs.</param>
    /// <param name="row">The row's number.</param>
    /// <param name="stored">The row.</param>
    /// <param name="known">Bases that are decoded already; null for none. One is not loaded then, nor those below it.</param>
    public static byte[] Decode(StoreDatabase database, PackReader packs, long row, Stored stored, Func<ContentId, byte[]?>? known = null)
    {
        var content = Array.Empty<byte>();
        var chain = new Stack<Stored>([stored]);
        while (chain.Peek().Base is { } next)
        {
            if (chain.Count > ContentEncoder.MaxChainLength)
            {
                throw Damaged($"the chain of bases of row {row} is too long");
            }

            if (known is not null && Describe(database, next) is { } described && known(described.Id) is { } decoded)
            {
                content = decoded;
                break;
            }

            chain.Push(Load(database, next));
        }

        while (chain.TryPop(out var encoded))
        {
            content = encoded.Method switch
            {
                ContentMethod.Raw => encoded.Data,
                ContentMethod.Packed => packs.Read(PackPlace.Parse(encoded.Data), encoded.SizeBytes),
                ContentMethod.Splice when encoded.SizeBytes <= ContentStore.MaxWholeBytes => ContentSplice.Decode(encoded.Data, content, (int)encoded.SizeBytes),
                ContentMethod.Zstd or ContentMethod.ZstdWithPrefix when encoded.SizeBytes <= ContentStore.MaxWholeBytes =>
                    ContentCodec.Decompress(encoded.Data, encoded.Method == ContentMethod.Zstd ? default : content, (int)encoded.SizeBytes),
                _ => throw Damaged($"row {row} has an unknown method or an impossible size"),
            };
        }

        return content;
    }

    /// <summary>The rows that a content in chunks consists of.</summary>
    public static IReadOnlyList<long> ChunkList(ReadOnlySpan<byte> data)
    {
        var rows = new List<long>();
        while (!data.IsEmpty)
        {
            rows.Add(Varint.TryRead(ref data, out var row) ? (long)row : throw Damaged("a list of chunks is cut short"));
        }

        return rows;
    }

    /// <summary>Inserts the content unless it is there already; where its row has lost its bytes, they are put back.</summary>
    /// <returns>Whether it is there now; not where the base or a chunk that it leans on is gone.</returns>
    public static bool TryInsert(StoreDatabase database, EncodedContent content)
    {
        var found = Look(database, content.Id);
        if (found is { IsKept: true })
        {
            return true;
        }

        var baseRow = content.Base is { } prefix ? FindKept(database, prefix) : null;
        if (baseRow is null && content.Base is not null)
        {
            return false;
        }

        if (content.Chunks is null)
        {
            Put(database, found?.Row, content, content.Data, baseRow, PositionAfter(database, content, baseRow));
            return true;
        }

        if (ChunkList(database, content.Chunks) is not { } list)
        {
            return false;
        }

        Put(database, found?.Row, content, list, baseRow, content.Position);
        return true;
    }

    /// <summary>Inserts a content in one piece that is known not to be there, with the row of its base.</summary>
    public static long InsertNew(StoreDatabase database, EncodedContent content, long? baseRow) =>
        Put(database, null, content, content.Data, baseRow, PositionAfter(database, content, baseRow));

    // Another process may have stored the base meanwhile, further on in another line of versions.
    private static long PositionAfter(StoreDatabase database, EncodedContent content, long? baseRow) =>
        Math.Max(content.Position, baseRow is { } row ? Describe(database, row)!.Position + 1 : 0);

    private static (long Row, bool IsKept)? Look(StoreDatabase database, ContentId id)
    {
        using var reader = database.Prepare($"SELECT id, {IsKept} FROM contents WHERE substr(hash, 1, 8) = substr($1, 1, 8) AND hash = $1").Query(id.ToBytes());
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1) != 0) : null;
    }

    private static long Put(StoreDatabase database, long? emptied, EncodedContent content, byte[] data, long? baseRow, long position)
    {
        if (emptied is { } row)
        {
            database.Prepare("UPDATE contents SET size = $2, method = $3, base = $4, position = $5, data = $6 WHERE id = $1")
                .Execute(row, content.SizeBytes, (long)content.Method, baseRow, position, data);
            return row;
        }

        database.Prepare("INSERT INTO contents (hash, size, method, base, position, data) VALUES ($1, $2, $3, $4, $5, $6)")
            .Execute(content.Id.ToBytes(), content.SizeBytes, (long)content.Method, baseRow, position, data);
        return database.LastInsertedRow();
    }

    /// <summary>The rows of these chunks, as they are written; null where one is gone.</summary>
    private static byte[]? ChunkList(StoreDatabase database, IReadOnlyList<ContentId> chunks)
    {
        var data = new List<byte>(chunks.Count * 3);
        foreach (var chunk in chunks)
        {
            if (FindKept(database, chunk) is not { } row)
            {
                return null;
            }

            Varint.Append(data, (ulong)row);
        }

        return [.. data];
    }

    private static SavepointException Damaged(string why) =>
        new(ErrorCode.Damaged, $"A recorded content cannot be read: {why}.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
}
