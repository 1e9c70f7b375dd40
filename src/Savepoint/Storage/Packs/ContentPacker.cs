using Savepoint.Model;

namespace Savepoint.Storage.Packs;

/// <summary>
/// Moves cold contents into packs: the bytes of many compressed as one, so that what versions and neighbours have in
/// common is stored once. One transaction a pack; between two of them everything can be read, and stopping loses nothing.
/// </summary>
/// <remarks>
/// Encoding runs outside any transaction. Rows are only ever moved from one valid encoding to another of the same bytes,
/// so two packers at once, or a capture beside one, do no harm.
/// </remarks>
internal sealed class ContentPacker(StoreDatabase database)
{
    // Of nine levels tried on real histories: within a tenth of the best, and ten times as fast.
    private const int Level = 12;
    private const int BestLevel = 19;
    private const int RepetitiveShare = 10; // versions that shrink to a tenth together are quickly searched for more
    private const int MaxShareKept = 90; // percent: a pack that saves less is not worth reading through

    private readonly PackReader _packs = new(database);

    /// <summary>Packs what is cold.</summary>
    /// <param name="keepLooseAfter">See <see cref="PackCandidates.Find"/>.</param>
    /// <param name="cancellationToken">Stops between two packs.</param>
    /// <returns>How many contents were moved.</returns>
    public int Run(long keepLooseAfter, CancellationToken cancellationToken)
    {
        var moved = 0;
        long bytes = 0;
        var together = new List<PackCandidate>();
        foreach (var candidate in database.ReadConsistently(() => new PackCandidates(database).Find(keepLooseAfter)))
        {
            if (bytes + candidate.SizeBytes > PackReader.MaxPackBytes)
            {
                moved += Pack(together);
                together.Clear();
                bytes = 0;
                cancellationToken.ThrowIfCancellationRequested();
            }

            together.Add(candidate);
            bytes += candidate.SizeBytes;
        }

        moved += Pack(together);
        DeleteEmptyPacks();
        return moved;
    }

    private int Pack(List<PackCandidate> together)
    {
        using var decoded = new MemoryStream();
        var placed = new List<(long Row, ContentId Id, long SizeBytes, long Offset)>();
        foreach (var content in together)
        {
            if (TryDecode(content.Row) is { } bytes)
            {
                placed.Add((content.Row, ContentId.Of(bytes), bytes.Length, decoded.Position));
                decoded.Write(bytes);
            }
        }

        var plain = decoded.ToArray();
        var frame = Compress(plain);
        var wasLoose = together.TrueForAll(content => content.EncodedBytes > 0);
        if (placed.Count < 2 || (wasLoose && frame.Length > together.Sum(content => content.EncodedBytes) * MaxShareKept / 100))
        {
            return 0;
        }

        // Only what comes out again as it went in may replace what can be read now.
        if (!ContentCodec.Decompress(frame, default, plain.Length).AsSpan().SequenceEqual(plain))
        {
            throw new InvalidOperationException("A pack does not decode to what went into it.");
        }

        database.Write(() => Move(frame, plain.Length, placed));
        return placed.Count;
    }

    private static byte[] Compress(byte[] plain)
    {
        var frame = ContentCodec.Compress(plain, default, Level);
        return frame.Length > plain.Length / RepetitiveShare ? frame : ContentCodec.Compress(plain, default, BestLevel);
    }

    /// <summary>The content's bytes; null if it is gone, or damaged, which must stay visible where it is.</summary>
    private byte[]? TryDecode(long row) => database.ReadConsistently(() =>
    {
        try
        {
            return ContentRows.Describe(database, row) is { } described && ContentRows.Decode(database, _packs, row) is var bytes && ContentId.Of(bytes) == described.Id ? bytes : null;
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return null;
        }
    });

    /// <summary>
    /// Puts the pack in and the rows' places in it. A row is deleted and inserted, not updated: SQLite joins half-empty pages
    /// when a row goes, and not when it shrinks, so that a table whose rows all shrank would keep its size.
    /// </summary>
    private void Move(byte[] frame, long sizeBytes, List<(long Row, ContentId Id, long SizeBytes, long Offset)> placed)
    {
        database.Prepare("INSERT INTO packs (size, data) VALUES ($1, $2)").Execute(sizeBytes, frame);
        var pack = database.LastInsertedRow();
        database.Prepare("DELETE FROM content_totals").Execute(); // they would count the rows as gone; whoever asks counts anew
        foreach (var (row, id, bytes, offset) in placed)
        {
            if (database.Prepare("DELETE FROM contents WHERE id = $1").Execute(row) > 0)
            {
                database.Prepare("INSERT INTO contents (id, hash, size, method, base, position, data) VALUES ($1, $2, $3, 4, NULL, 0, $4)")
                    .Execute(row, id.ToBytes(), bytes, new PackPlace(pack, offset).ToBytes());
            }
        }
    }

    private void DeleteEmptyPacks() => database.Write(() =>
    {
        var used = new HashSet<long>();
        using (var row = database.Prepare("SELECT data FROM contents WHERE method = 4").Query())
        {
            while (row.Read())
            {
                used.Add(PackPlace.Parse(row.Bytes(0)).Pack);
            }
        }

        var empty = new List<long>();
        using (var row = database.Prepare("SELECT id FROM packs").Query())
        {
            while (row.Read())
            {
                if (!used.Contains(row.GetInt64(0)))
                {
                    empty.Add(row.GetInt64(0));
                }
            }
        }

        foreach (var pack in empty)
        {
            database.Prepare("DELETE FROM packs WHERE id = $1").Execute(pack);
        }
    });
}
