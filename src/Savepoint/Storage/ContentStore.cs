using Savepoint.Diagnostics;
using Savepoint.Model;
using Savepoint.Storage.Packs;

namespace Savepoint.Storage;

/// <summary>
/// All file versions, each once, by the SHA-256 of its bytes. What is added is encoded at once and staged; it reaches the
/// database with the snapshot that names it, in the same transaction, or earlier when much is staged (a baseline).
/// Thread-safe: encoding runs in the caller's thread, outside the database's lock.
/// </summary>
internal sealed class ContentStore(StoreDatabase database) : IContentSource, IContentSink
{
    /// <summary>Larger contents are cut into chunks and streamed.</summary>
    public const int MaxWholeBytes = 4 * 1024 * 1024;

    /// <summary>So much is kept decoded.</summary>
    public const int MaxRecentBytes = 8 * 1024 * 1024;

    private const int MaxStagedBytes = 4 * 1024 * 1024;

    /// <summary>A large file goes through the log piece by piece: without this, the log would grow to all of its size.</summary>
    private const long MaxLogBytes = 64 * 1024 * 1024;

    // With the number it was staged as: a content is stored after the base or the chunks that it names.
    private readonly Dictionary<ContentId, (long Number, EncodedContent Content)> _staged = [];
    private readonly Lock _stagedGate = new();
    private readonly Lock _streamGate = new();
    private readonly PackReader _packs = new(database);
    private readonly RecentContents _recent = new(MaxRecentBytes);
    private long _stagedBytes;
    private long _stagedCount;

    /// <summary>What it holds decoded, for speed alone.</summary>
    public IReadOnlyList<IMemoryAccount> Memory => [_recent, _packs];

    /// <summary>The encoded bytes that wait for a commit.</summary>
    public long StagedBytes
    {
        get
        {
            lock (_stagedGate)
            {
                return _stagedBytes;
            }
        }
    }

    /// <summary>The contents kept decoded in memory.</summary>
    public RecentContents Recent => _recent;

    public bool Contains(ContentId id) => FindStaged(id) is not null || database.Read(() => ContentRows.FindKept(database, id)) is not null;

    public void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null)
    {
        _recent.Put(id, content);
        if (id == previous)
        {
            return;
        }

        var (isKept, prefix) = database.ReadConsistently(() => Contains(id)
            ? (true, null)
            : (false, previous is { } earlier ? PrefixFromLine(earlier, content.Length) : PrefixFromSimilar(similar, content.Length)));
        if (!isKept)
        {
            Stage(ContentEncoder.Encode(id, content, prefix));
        }
    }

    public (ContentId Id, long SizeBytes) Add(Stream content)
    {
        // One at a time: two would not be faster, and take twice the memory.
        lock (_streamGate)
        {
            var (id, size, chunks) = new ChunkedReading(AddChunk).Run(content);
            if (!Contains(id))
            {
                Stage(new EncodedContent(id, size, ContentMethod.Chunks, null, 0, [], chunks));
            }

            return (id, size);
        }
    }

    public byte[] Read(ContentId id)
    {
        if (_recent.Find(id) is { } recent)
        {
            return recent;
        }

        var content = TryReadWhole(id, out _, out _) ?? ReadPieces(id);
        _recent.Put(id, content);
        return content;
    }

    /// <summary>
    /// Decodes contents that will be asked for one after the other, in the order in which that is cheap (<see cref="PackOrder"/>). They stay as long as recent
    /// ones do, so they should not be more. One that cannot be read is passed over; who asks for it is told.
    /// </summary>
    public void ReadAhead(IEnumerable<ContentId> ids)
    {
        var rows = database.ReadConsistently(() => new PackOrder(database).Sort(
            ids.Distinct().Where(id => _recent.Peek(id) is null).Select(id => (Id: id, Row: ContentRows.Find(database, id))).Where(content => content.Row is not null), content => content.Row!.Value));
        foreach (var (id, _) in rows)
        {
            try
            {
                Read(id);
            }
            catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
            {
            }
        }
    }

    /// <summary>Lets go of what is decoded.</summary>
    public void LetGo()
    {
        foreach (var account in Memory)
        {
            account.Trim(0);
        }
    }

    private byte[] ReadPieces(ContentId id)
    {
        using var whole = new MemoryStream();
        CopyTo(id, whole);
        return whole.ToArray();
    }

    /// <summary>A content that is not in chunks, compared with its hash; null of one that is, with the row and the length of the whole.</summary>
    private byte[]? TryReadWhole(ContentId id, out long row, out ContentRows.Stored stored)
    {
        var (content, at, encoded) = database.ReadConsistently(() =>
        {
            var found = ContentRows.Find(database, id) ?? throw Missing(id);
            var loaded = ContentRows.Load(database, found);
            return (loaded.Method == ContentMethod.Chunks ? null : ContentRows.Decode(database, _packs, found, loaded, _recent.Peek), found, loaded);
        });
        (row, stored) = (at, encoded);
        if (content is null)
        {
            return null;
        }

        Telemetry.Decoded(content.Length);
        return content.Length == encoded.SizeBytes && ContentId.Of(content) == id ? content : throw Mismatch(id, at);
    }

    public void CopyTo(ContentId id, Stream destination)
    {
        if (_recent.Find(id) is { } recent)
        {
            destination.Write(recent);
            return;
        }

        if (TryReadWhole(id, out var row, out var stored) is { } content)
        {
            destination.Write(content);
            return;
        }

        var size = stored.SizeBytes;
        using var hash = new ContentHash(size);
        long written = 0;
        foreach (var chunk in ContentRows.ChunkList(stored.Data))
        {
            var bytes = database.ReadConsistently(() => ContentRows.Decode(database, _packs, chunk));
            Telemetry.Decoded(bytes.Length);
            if (written + bytes.Length > size)
            {
                break; // a list that names a piece again and again must not fill the disk before its hash is looked at
            }

            hash.Append(bytes);
            destination.Write(bytes);
            written += bytes.Length;
        }

        if (written != size || hash.Finish() != id)
        {
            throw Mismatch(id, row);
        }
    }

    /// <summary>
    /// Runs <paramref name="write"/> in one transaction with all that is staged, which stays staged if it fails. What leans on
    /// something that is gone is of a capture that was broken off, and goes too.
    /// </summary>
    public T Commit<T>(Func<T> write)
    {
        List<EncodedContent> written = [];
        var result = database.Write(() =>
        {
            lock (_stagedGate)
            {
                written = [.. _staged.Values.OrderBy(staged => staged.Number).Select(staged => staged.Content)];
            }

            foreach (var content in written)
            {
                ContentRows.TryInsert(database, content);
            }

            return write();
        });
        lock (_stagedGate)
        {
            foreach (var content in written)
            {
                // Another thread may have committed the same ones just before.
                _stagedBytes -= _staged.Remove(content.Id) ? content.Data.Length : 0;
            }
        }

        return result;
    }

    private ContentId AddChunk(ReadOnlyMemory<byte> chunk)
    {
        var id = ContentId.Of(chunk.Span);
        if (!Contains(id))
        {
            Stage(ContentEncoder.Encode(id, chunk.Span, prefix: null));
        }

        return id;
    }

    private void Stage(EncodedContent content)
    {
        Telemetry.Encoded(content.SizeBytes);
        lock (_stagedGate)
        {
            if (_staged.TryAdd(content.Id, (_stagedCount++, content)))
            {
                _stagedBytes += content.Data.Length;
            }

            if (_stagedBytes < MaxStagedBytes)
            {
                return;
            }
        }

        // Ahead of its snapshot: if that never commits, the rows are named by nobody and gc frees them.
        Commit(() => true);
        if (database.WalBytes > MaxLogBytes)
        {
            database.CheckpointWithoutWaiting();
        }
    }

    /// <summary>The earlier version to encode the next one against; null if it would not help.</summary>
    private ContentPrefix? PrefixFromLine(ContentId previous, int contentLength)
    {
        if (FindStaged(previous) is { } staged)
        {
            // Its bytes are at hand as long as it is recent; decoding what is not in the database yet is not worth the code.
            var pays = staged.Chunks is null && ContentEncoder.PrefixPays(staged.SizeBytes, contentLength);
            return pays && _recent.Find(previous) is { } bytes ? new ContentPrefix(previous, staged.Position + 1, bytes) : null;
        }

        var found = database.Read(() => ContentRows.FindKept(database, previous) is { } row ? ContentRows.BaseAfter(database, row) : null);
        return found is { Base: { Method: not ContentMethod.Chunks } stored, Position: var position } && ContentEncoder.PrefixPays(stored.SizeBytes, contentLength)
            ? new ContentPrefix(stored.Id, position, Read(stored.Id))
            : null;
    }

    /// <summary>
    /// The file to encode the first version of another against: the one that the similar file's line itself begins with, so
    /// that files alike hang on one and not in a chain. The position is a multiple of the stride, to which versions skip back.
    /// </summary>
    private ContentPrefix? PrefixFromSimilar(ContentId? similar, int contentLength)
    {
        var first = similar;
        while (first is { } id && FindStaged(id) is { Base: { } earlier })
        {
            first = earlier;
        }

        if (first is not { } root)
        {
            return null;
        }

        if (FindStaged(root) is { } staged)
        {
            var pays = staged.Chunks is null && ContentEncoder.PrefixPays(staged.SizeBytes, contentLength);
            return pays && _recent.Find(root) is { } bytes ? new ContentPrefix(root, ContentEncoder.Stride, bytes) : null;
        }

        var stored = database.Read(() => ContentRows.FindKept(database, root) is { } row ? ContentRows.FirstOfLine(database, row) : null);
        return stored is { Method: not ContentMethod.Chunks } && ContentEncoder.PrefixPays(stored.SizeBytes, contentLength)
            ? new ContentPrefix(stored.Id, ContentEncoder.Stride, Read(stored.Id))
            : null;
    }

    /// <summary>What is staged of a content. One of a capture that was broken off may lean on rows that a clean-up has freed since: it is dropped.</summary>
    private EncodedContent? FindStaged(ContentId id)
    {
        EncodedContent? staged;
        lock (_stagedGate)
        {
            staged = _staged.GetValueOrDefault(id).Content;
        }

        // Outside the lock, which commits take inside the database's.
        if (staged is null || ((staged.Base is not { } prefix || Contains(prefix)) && (staged.Chunks?.All(Contains) ?? true)))
        {
            return staged;
        }

        Drop(staged);
        return null;
    }

    private void Drop(EncodedContent content)
    {
        lock (_stagedGate)
        {
            if (_staged.TryGetValue(content.Id, out var staged) && staged.Content == content && _staged.Remove(content.Id))
            {
                _stagedBytes -= content.Data.Length;
            }
        }
    }

    private static SavepointException Mismatch(ContentId id, long row) =>
        new(ErrorCode.Damaged, id == UnknownContent.Id ? $"The record of this content (row {row}) is lost, and its hash with it." : $"The recorded content {id} (row {row}) does not match its hash.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");

    private static SavepointException Missing(ContentId id) =>
        new(ErrorCode.Damaged, $"The recorded content {id} is not in the store.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.");
}
