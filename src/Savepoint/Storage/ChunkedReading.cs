using System.Buffers;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// Reads a large content once, from its start to its end: cut into chunks as it comes, the whole hashed in this thread, the
/// chunks stored in others meanwhile. What is in memory is one window and a few chunks, whatever the content's size.
/// </summary>
/// <param name="store">Keeps a chunk and says which it was. Called from several threads at once; the chunk's bytes are its own until it returns.</param>
/// <param name="atOnce">How many chunks are stored at once; null for what suits the machine.</param>
internal sealed class ChunkedReading(Func<ReadOnlyMemory<byte>, ContentId> store, int? atOnce = null)
{
    private const int WindowBytes = 2 * ContentChunker.MaxBytes;

    /// <summary>How many chunks are stored at once. More processors would only be faster than the disk, and each takes memory.</summary>
    private readonly int _maxUnderWayCount = atOnce ?? Math.Clamp(Environment.ProcessorCount, 1, 4);

    private readonly Queue<Task<ContentId>> _underWay = new();
    private readonly List<ContentId> _chunks = [];

    /// <summary>Reads <paramref name="content"/> to its end.</summary>
    /// <returns>What it was, and its chunks in their order.</returns>
    public (ContentId Id, long SizeBytes, List<ContentId> Chunks) Run(Stream content)
    {
        using var rented = MemoryPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            return Run(content, rented.Memory[..WindowBytes]);
        }
        finally
        {
            LetAllEnd(); // they read the window, which others may rent from here on
        }
    }

    private (ContentId Id, long SizeBytes, List<ContentId> Chunks) Run(Stream content, Memory<byte> window)
    {
        using var whole = new ContentHash(long.MaxValue);
        long size = 0;
        var (held, isAtEnd) = (0, false);
        while (!isAtEnd)
        {
            var read = content.ReadAtLeast(window.Span[held..], WindowBytes - held, throwOnEndOfStream: false);
            isAtEnd = held + read < WindowBytes;
            var used = CutAll(window[..(held + read)], isAtEnd);
            whole.Append(window.Span[..used]);
            size += used;
            EndAll(); // their chunks lie in the window
            held += read - used;
            window.Slice(used, held).CopyTo(window);
        }

        return (whole.Finish(), size, _chunks);
    }

    /// <summary>Begins to store each chunk whose end is certain: it needs <see cref="ContentChunker.MaxBytes"/> to look at, or the content's end.</summary>
    /// <returns>How many bytes these are.</returns>
    private int CutAll(ReadOnlyMemory<byte> window, bool isAtEnd)
    {
        var used = 0;
        while (window.Length - used is var left and > 0 && (isAtEnd || left >= ContentChunker.MaxBytes))
        {
            var chunk = window.Slice(used, ContentChunker.FirstLength(window.Span[used..]));
            if (_underWay.Count == _maxUnderWayCount)
            {
                EndOldest();
            }

            _underWay.Enqueue(Task.Run(() => store(chunk)));
            used += chunk.Length;
        }

        return used;
    }

    private void EndAll()
    {
        while (_underWay.Count > 0)
        {
            EndOldest();
        }
    }

    private void LetAllEnd()
    {
        try
        {
            Task.WaitAll([.. _underWay]);
        }
        catch (AggregateException)
        {
            // The first failure is on its way up already.
        }
    }

    // A wait for a task that no thread has begun runs it here, so a busy pool cannot stop this.
    private void EndOldest() => _chunks.Add(_underWay.Dequeue().GetAwaiter().GetResult());
}
