using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Takes the contents of a whole tree at once: any number of threads encode, and one writes what they have encoded, many
/// rows a transaction, without asking the database for each whether it is there. What is written stays when the recording
/// is broken off, and is not encoded again by the next. Thread-safe.
/// </summary>
/// <remarks>
/// Invariant: a content's bytes can be found as a prefix only once the content is in the queue, so that its row comes before
/// those that name it as their base.
/// </remarks>
internal sealed class BaselineContents : IContentSink, IDisposable
{
    private const int MinBatchBytes = 4 * 1024 * 1024;
    private const int MaxWaitingBytes = 32 * 1024 * 1024;

    /// <summary>Of small files a prefix spares a fifth; of large ones less, and it takes longer than plain compression.</summary>
    private const int MaxBytesWithPrefix = 32 * 1024;

    private readonly StoreDatabase _database;
    private readonly ContentStore _streamed;
    private readonly ConcurrentDictionary<ContentId, ContentId?> _basesById = new();
    private readonly RecentContents _recent = new(maxBytes: 8 * 1024 * 1024);
    private readonly Dictionary<ContentId, long> _rows = [];
    private readonly HashSet<ContentId> _emptied = [];
    private readonly Thread _writer;

    // An object and not a Lock, whose waiters cannot be woken.
    private readonly object _gate = new();
    private List<EncodedContent> _waiting = [];
    private long _waitingBytes;
    private bool _isWriting;
    private bool _isFlushing;
    private bool _isEnded;
    private long _newestRow;
    private ExceptionDispatchInfo? _failure;

    /// <param name="database">Where they go.</param>
    /// <param name="streamed">Takes what is too large to be held whole.</param>
    public BaselineContents(StoreDatabase database, ContentStore streamed)
    {
        (_database, _streamed) = (database, streamed);
        database.Read(LoadRows);
        foreach (var id in _rows.Keys)
        {
            _basesById[id] = null;
        }

        _writer = new Thread(WriteAll) { IsBackground = true, Name = "Savepoint contents" };
        _writer.Start();
    }

    public bool Contains(ContentId id) => _basesById.ContainsKey(id);

    public void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null)
    {
        var prefix = similar is { } alike && content.Length <= MaxBytesWithPrefix ? Prefix(alike, content.Length) : null;
        if (!_basesById.TryAdd(id, prefix?.Id))
        {
            return;
        }

        var encoded = ContentEncoder.Encode(id, content, prefix, isHasty: true);
        _basesById[id] = encoded.Base;
        lock (_gate)
        {
            while (_waitingBytes > MaxWaitingBytes && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            _failure?.Throw();
            _waiting.Add(encoded);
            _waitingBytes += encoded.Data.Length;
            Monitor.PulseAll(_gate);
        }

        _recent.Put(id, content);
    }

    public (ContentId Id, long SizeBytes) Add(Stream content) => _streamed.Add(content);

    /// <summary>Returns once all that was added is in the database.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _isFlushing = true;
            Monitor.PulseAll(_gate);
            while ((_waiting.Count > 0 || _isWriting) && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            _isFlushing = false;
            _failure?.Throw();
        }
    }

    /// <summary>The row of a content that was flushed; null if it is not one of these. Inside a read or write of the database.</summary>
    public long? RowOf(ContentId id) => _rows.TryGetValue(id, out var row) ? row : ContentRows.Find(_database, id);

    /// <summary>Writes what waits, and ends the writer.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }

        _writer.Join();
    }

    /// <summary>The first of the files that are alike, so that all hang on one and not in a chain; null if it is not at hand.</summary>
    private ContentPrefix? Prefix(ContentId similar, int contentLength)
    {
        var root = _basesById.GetValueOrDefault(similar) ?? similar;
        return _recent.Find(root) is { } bytes && ContentEncoder.PrefixPays(bytes.Length, contentLength)
            ? new ContentPrefix(root, ContentEncoder.Stride, bytes)
            : null;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is rethrown on the threads that add and flush.")]
    private void WriteAll()
    {
        while (TakeBatch() is { } batch)
        {
            try
            {
                _database.Write(() => Write(batch));
            }
            catch (Exception e)
            {
                lock (_gate)
                {
                    _failure = ExceptionDispatchInfo.Capture(e);
                    Monitor.PulseAll(_gate);
                }

                return;
            }
        }
    }

    // Null at the end.
    private List<EncodedContent>? TakeBatch()
    {
        lock (_gate)
        {
            _isWriting = false;
            Monitor.PulseAll(_gate);
            while (_waitingBytes < MinBatchBytes && !_isEnded && !(_isFlushing && _waiting.Count > 0))
            {
                Monitor.Wait(_gate);
            }

            if (_waiting.Count == 0)
            {
                return null;
            }

            var batch = _waiting;
            (_waiting, _waitingBytes, _isWriting) = ([], 0, true);
            return batch;
        }
    }

    private void Write(List<EncodedContent> batch)
    {
        // Another process may record the same workspace, or this one a streamed file: then their rows are to be known as well.
        if (NewestRow() != _newestRow)
        {
            LoadRows();
        }

        foreach (var content in batch)
        {
            if (!_rows.ContainsKey(content.Id))
            {
                _rows[content.Id] = Insert(content);
                _newestRow = Math.Max(_newestRow, _rows[content.Id]);
            }
        }
    }

    private long Insert(EncodedContent content)
    {
        if (_emptied.Contains(content.Id) && ContentRows.TryInsert(_database, content) && ContentRows.FindKept(_database, content.Id) is { } filled)
        {
            return filled;
        }

        return ContentRows.InsertNew(_database, content, content.Base is { } prefix ? RowOf(prefix) : null);
    }

    private long NewestRow() => _database.Prepare("SELECT max(id) FROM contents").Scalar() ?? 0;

    private bool LoadRows()
    {
        using var rows = _database.Prepare($"SELECT id, hash, {ContentRows.IsKept} FROM contents WHERE id > $1").Query(_newestRow);
        while (rows.Read())
        {
            _newestRow = rows.GetInt64(0);
            if (rows.GetInt64(2) != 0)
            {
                _rows[rows.Id(1)] = _newestRow;
            }
            else
            {
                _emptied.Add(rows.Id(1));
            }
        }

        return true;
    }
}
