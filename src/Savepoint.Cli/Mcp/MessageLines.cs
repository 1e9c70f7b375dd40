using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Savepoint.Cli.Mcp;

/// <summary>
/// The protocol's messages as lines of standard input and output, for two sessions: a request that names its revision in
/// its <c>_meta</c> is of the stateless kind (2026-07-28), any other of the one that begins with <c>initialize</c>. The
/// SDK's session keeps to the kind that it met first; a client that probes for one may go on with the other. Unlike
/// the SDK's own transport it answers a line that is no message, and at the end of the input it waits for the answers to what was read.
/// </summary>
internal sealed class MessageLines : IDisposable
{
    /// <summary>How long what is under way may take once the input has ended: nobody may be there any more.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private const int MaxLineBytes = 64 << 20;

    private const int ReadBytes = 64 << 10;

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    // The messages go to a model, never into a page: a diff full of \u002B costs it tokens.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PipeReader _input;
    private readonly Stream _output;
    private readonly CallOrder _order;
    private readonly CancellationToken _ending;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<RequestId, bool> _unanswered = new();
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Opening? _opening;
    private volatile bool _isInputOver;
    private long _bytesWithoutEnd;

    /// <param name="input">Where they come from.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="order">Told of what comes and what is answered.</param>
    /// <param name="ending">Ends the reading.</param>
    public MessageLines(Stream input, Stream output, CallOrder order, CancellationToken ending)
    {
        (_input, _output, _order, _ending) = (PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: ReadBytes)), output, order, ending);
        (Stateless, Initialized) = (new SessionTransport(this), new SessionTransport(this));
    }

    /// <summary>The messages of the revisions that know no session.</summary>
    public SessionTransport Stateless { get; }

    /// <summary>The messages of the revisions whose session begins with <c>initialize</c>.</summary>
    public SessionTransport Initialized { get; }

    /// <summary>Writes a message.</summary>
    public async Task SendAsync(JsonRpcMessage message)
    {
        try
        {
            await WriteAsync(Serialize(message)).ConfigureAwait(false);
        }
        finally
        {
            if (message is JsonRpcResponse or JsonRpcError)
            {
                Answered(((JsonRpcMessageWithId)message).Id);
            }
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>Reads until the input ends, then until what was asked is answered or takes too long; both sessions are closed then.</summary>
    /// <exception cref="IOException">The input cannot be read, or holds no lines of a sane length.</exception>
    public async Task ReadAsync()
    {
        try
        {
            while (await ReadSomeAsync().ConfigureAwait(false))
            {
            }

            _isInputOver = true;
            if (!_unanswered.IsEmpty)
            {
                await _answered.Task.WaitAsync(DrainTime, _ending).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // A signal, or work that takes too long for somebody who has gone.
        }
        finally
        {
            Stateless.Close();
            Initialized.Close();
        }
    }

    /// <summary>Takes the lines that are there; whether there may be more.</summary>
    private async Task<bool> ReadSomeAsync()
    {
        // A read of standard input cannot be cancelled: a signal leaves it behind.
        var read = await _input.ReadAsync(CancellationToken.None).AsTask().WaitAsync(_ending).ConfigureAwait(false);
        var rest = read.Buffer;
        var unseen = rest.Slice(Math.Min(_bytesWithoutEnd, rest.Length)); // what was looked at before holds no end: a long line is gone through once
        while (unseen.PositionOf((byte)'\n') is { } end)
        {
            await TakeAsync(rest.Slice(0, end)).ConfigureAwait(false);
            unseen = rest = rest.Slice(rest.GetPosition(1, end));
        }

        _bytesWithoutEnd = rest.Length;

        if (read.IsCompleted)
        {
            await TakeAsync(rest).ConfigureAwait(false);
        }

        if (rest.Length > MaxLineBytes)
        {
            throw new IOException($"A message of more than {MaxLineBytes >> 20} MiB came on standard input.");
        }

        _input.AdvanceTo(read.IsCompleted ? read.Buffer.End : rest.Start, read.Buffer.End);
        return !read.IsCompleted;
    }

    private async Task TakeAsync(ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray();
        if (bytes.AsSpan().Trim(" \t\r"u8).IsEmpty)
        {
            return;
        }

        try
        {
            if (!UnicodeText.IsIn(bytes))
            {
                await WriteAsync(Serialize(HalfCharacters.AnswerTo(bytes) ?? throw new JsonException("The line is not Unicode."))).ConfigureAwait(false);
                return;
            }

            if (JsonSerializer.Deserialize(bytes, MessageType) is { } message)
            {
                if (message is JsonRpcRequest asked && MessageShape.ErrorOf(asked, bytes) is { } refusal)
                {
                    await WriteAsync(Serialize(refusal)).ConfigureAwait(false);
                    return;
                }

                Note(message);
                await DeliverAsync(message).ConfigureAwait(false);
                await AwaitOpeningAsync().ConfigureAwait(false);
            }
        }
        catch (JsonException)
        {
            await WriteAsync(IsJson(bytes)
                ? """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: a line is one JSON-RPC 2.0 message."}}"""u8.ToArray()
                : """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error: a line is one JSON-RPC 2.0 message."}}"""u8.ToArray()).ConfigureAwait(false);
        }
    }

    /// <summary>The session's first answer comes first, also for a client that writes all its requests at once.</summary>
    private async Task AwaitOpeningAsync()
    {
        if (_opening is { } opening)
        {
            await Task.WhenAny(opening.Answered.Task, Task.Delay(DrainTime, _ending)).ConfigureAwait(false);
            _opening = null;
        }
    }

    private async Task DeliverAsync(JsonRpcMessage message)
    {
        var isStateless = message is JsonRpcRequest request && (request.Method == RequestMethods.ServerDiscover || NamesRevision(request.Params));
        if (isStateless || message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification })
        {
            await Stateless.DeliverAsync(message, _ending).ConfigureAwait(false); // which session a cancelled request is of is not said
        }

        if (!isStateless)
        {
            await Initialized.DeliverAsync(message, _ending).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the parameters are of a request of the stateless kind.</summary>
    public static bool NamesRevision(JsonNode? parameters) =>
        parameters is JsonObject named && named["_meta"] is JsonObject meta && meta.ContainsKey("io.modelcontextprotocol/protocolVersion");

    private void Note(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest request)
        {
            _unanswered[request.Id] = true;
            _opening = request.Method == RequestMethods.Initialize ? new Opening(request.Id, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)) : null;
            _order.Note(request);
        }
        else if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: { } cancelled }
            && cancelled is JsonObject named && named["requestId"] is { } id && JsonSerializer.Deserialize(id.ToJsonString(), (JsonTypeInfo<RequestId>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(RequestId))) is var cancelledId)
        {
            Answered(cancelledId); // what is cancelled gets no answer
        }
    }

    private void Answered(RequestId id)
    {
        _unanswered.TryRemove(id, out _);
        if (_opening is { } opening && opening.Id == id)
        {
            opening.Answered.TrySetResult();
        }

        _order.Leave(id);
        if (_isInputOver && _unanswered.IsEmpty)
        {
            _answered.TrySetResult();
        }
    }

    private static byte[] Serialize(JsonRpcMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            JsonSerializer.Serialize(json, message, MessageType);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private async Task WriteAsync(byte[] message)
    {
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _output.Write([.. message, (byte)'\n']); // in one piece
        }
        finally
        {
            _writing.Release();
        }
    }

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A request that begins a session.</summary>
    private sealed record Opening(RequestId Id, TaskCompletionSource Answered);
}
