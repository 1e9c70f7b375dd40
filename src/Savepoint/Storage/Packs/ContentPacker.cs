using Savepoint.Model;

namespace Savepoint.Storage.Packs;

/// <summary>
/// Moves cold contents into packs: the bytes of many compressed as one, so that what versions and neighbours have in
/// common is stored once. One transaction a pack; between two of them everything can be read, and stopping loses nothing.
/// </summary>
/// <remarks>
/// Encoding runs outside any transaction. Rows are only ever moved from one valid encoding to another of the same bytes,
/// so two packers at once, or a capture beside one, do no harm. What is erased meanwhile must not come back in a pack, nor
/// in the place of a content that has got its row since: a pack one of whose contents is gone is not put in.
/// </remarks>
internal sealed class ContentPacker(StoreDatabase database)
{
    // Of nine levels tried on real histories: within a tenth of the best, and ten times as fast.
    private const int Level = 12;
    private const int BestLevel = 19;
    private const int RepetitiveShare = 10; // versions that shrink to a tenth together are quickly searched for more
    private const int MaxShareKept = 90; // percent: a pack that saves less is not worth reading through

    /// <summary>Percent of what contents take that packs of them must be expected to take at most for them to be tried again.</summary>
    internal const int MaxShareTried = 80;

    private readonly PackReader _packs = new(database);

    /// <summary>Packs what is cold.</summary>
    /// <param name="keepLooseAfter">See <see cref="PackCandidates.Find"/>.</param>
    /// <param name="cancellationToken">Stops between two packs.</param>
    /// <returns>How many contents were moved.</returns>
    public int Run(long keepLooseAfter, CancellationToken cancellationToken)
    {
        var moved = 0;
        var counters = new CounterTable(database);
        var before = database.ReadConsistently(() => RefusedContents.Read(counters));
        var (candidates, isAll) = database.ReadConsistently(() => new PackCandidates(database).Find(keepLooseAfter, before));
        var refused = RefusedContents.None;
        foreach (var together in InPacks(candidates))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var pack = Prepare(together);
            moved += Put(pack);
            refused = pack.Pays || together.Exists(content => content.Place is not null) ? refused : refused.With(together, pack.Frame.Length);
        }

        // Of what was tried by itself nobody knows yet what it shrinks to among the rest.
        refused = isAll ? refused : before with { UpTo = Math.Max(before.UpTo, refused.UpTo) };
        if (refused != before)
        {
            database.Write(() => refused.Write(counters));
        }

        DeleteEmptyPacks();
        return moved;
    }

    private static IEnumerable<List<PackCandidate>> InPacks(List<PackCandidate> candidates)
    {
        long bytes = 0;
        var together = new List<PackCandidate>();
        foreach (var candidate in candidates)
        {
            if (bytes + candidate.SizeBytes > PackReader.MaxPackBytes)
            {
                yield return together;
                (together, bytes) = ([], 0);
            }

            together.Add(candidate);
            bytes += candidate.SizeBytes;
        }

        if (together.Count > 0)
        {
            yield return together;
        }
    }

    /// <summary>Reads and compresses them, outside any transaction.</summary>
    internal PreparedPack Prepare(List<PackCandidate> together)
    {
        using var decoded = new MemoryStream();
        var placed = new List<PackedContent>();
        foreach (var (content, read) in together.Zip(Decode(together)))
        {
            if (read is { } bytes)
            {
                placed.Add(new PackedContent(content.Row, ContentId.Of(bytes), bytes.Length, decoded.Position));
                decoded.Write(bytes);
            }
        }

        var plain = decoded.ToArray();
        var frame = Compress(plain);
        var wasLoose = together.TrueForAll(content => content.Place is null);
        var pays = placed.Count >= 2 && !(wasLoose && frame.Length > together.Sum(content => content.EncodedBytes) * MaxShareKept / 100);

        // Only what comes out again as it went in may replace what can be read now.
        if (pays && !ContentCodec.Decompress(frame, default, plain.Length).AsSpan().SequenceEqual(plain))
        {
            throw new InvalidOperationException("A pack does not decode to what went into it.");
        }

        return new PreparedPack(frame, plain.Length, placed, pays);
    }

    /// <summary>Puts a pack in, if it pays, unless one of its contents is gone by now.</summary>
    /// <returns>How many contents were moved.</returns>
    internal int Put(PreparedPack pack) => !pack.Pays ? 0 : database.Write(() =>
    {
        if (!pack.Contents.TrueForAll(IsThere))
        {
            return 0;
        }

        Move(pack);
        return pack.Contents.Count;
    });

    /// <summary>The number alone does not tell: that of a row that went is given again.</summary>
    private bool IsThere(PackedContent content) =>
        database.Prepare("SELECT 1 FROM contents WHERE id = $1 AND hash = $2").Scalar(content.Row, content.Id.ToBytes()) is not null;

    private static byte[] Compress(byte[] plain)
    {
        var frame = ContentCodec.Compress(plain, default, Level);
        return frame.Length > plain.Length / RepetitiveShare ? frame : ContentCodec.Compress(plain, default, BestLevel);
    }

    /// <summary>Their bytes.</summary>
    private byte[]?[] Decode(List<PackCandidate> together)
    {
        var decoded = new byte[]?[together.Count];
        foreach (var (index, content) in database.ReadConsistently(() => new PackOrder(database).Sort(together.Index(), content => content.Item.Row)))
        {
            decoded[index] = TryDecode(content.Row);
        }

        return decoded;
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
    private void Move(PreparedPack prepared)
    {
        database.Prepare("INSERT INTO packs (size, data) VALUES ($1, $2)").Execute(prepared.SizeBytes, prepared.Frame);
        var pack = database.LastInsertedRow();
        database.Prepare("DELETE FROM content_totals").Execute(); // they would count the rows as gone; whoever asks counts anew
        foreach (var (row, id, bytes, offset) in prepared.Contents)
        {
            database.Prepare("DELETE FROM contents WHERE id = $1").Execute(row);
            database.Prepare("INSERT INTO contents (id, hash, size, method, base, position, data) VALUES ($1, $2, $3, 4, NULL, 0, $4)")
                .Execute(row, id.ToBytes(), bytes, new PackPlace(pack, offset).ToBytes());
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

/// <summary>A pack that is not in the database yet.</summary>
/// <param name="Frame">Its contents as one zstd frame.</param>
/// <param name="SizeBytes">Their decoded length.</param>
/// <param name="Contents">What it holds.</param>
/// <param name="Pays">Whether they take less in it than they do now; always, where a pack is written anew.</param>
internal sealed record PreparedPack(byte[] Frame, long SizeBytes, List<PackedContent> Contents, bool Pays);

/// <summary>A content in a pack.</summary>
/// <param name="Row">Its <c>contents.id</c>.</param>
/// <param name="Id">Which it is.</param>
/// <param name="SizeBytes">Its decoded length.</param>
/// <param name="Offset">Where it begins in the decoded pack.</param>
internal sealed record PackedContent(long Row, ContentId Id, long SizeBytes, long Offset);
