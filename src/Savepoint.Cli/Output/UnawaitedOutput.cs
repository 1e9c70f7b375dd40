using System.Threading.Channels;
using Savepoint.Cli.Platform;

namespace Savepoint.Cli.Output;

/// <summary>
/// What a verb says whose work must not wait for whoever reads it: a thread of its own writes, and may be held up for as long as nobody reads. What does not fit the
/// queue meanwhile is left out, and counted: the next that is written says how much that was.
/// </summary>
/// <remarks>One at a time adds. The terminal is not to be used for results beside it: its buffer would be written by two.</remarks>
internal sealed class UnawaitedOutput : IDisposable
{
    /// <summary>So much is kept for a reader who is late; a snapshot of some thousand paths has a line of a MB.</summary>
    private const int MaxBytes = 4 << 20;

    private const int MaxPieces = 4096;

    /// <summary>How long the end waits for the reader.</summary>
    private static readonly TimeSpan FinishTime = TimeSpan.FromSeconds(2);

    private readonly Terminal _terminal;

    // Full, it refuses: TryWrite is all that is used, and never waits.
    private readonly Channel<Piece> _pieces = Channel.CreateBounded<Piece>(new BoundedChannelOptions(MaxPieces) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _ended;
    private readonly Task _writing;
    private long _waitingBytes;
    private long _waitingLines;
    private long _leftOut;
    private IOException? _failure;

    /// <param name="terminal">Where.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public UnawaitedOutput(Terminal terminal, CancellationToken cancellationToken)
    {
        _terminal = terminal;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends with the work, and as well when the output cannot be written any more, since its reader has gone.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Takes what is said, to be written in its turn. Never waits.</summary>
    public void Add(Action<Terminal> say)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        say(_terminal.Onto(output, error));
        var piece = new Piece(output.ToArray(), error.ToArray(), _leftOut);
        var waiting = Interlocked.Read(ref _waitingBytes);
        if (waiting > 0 && waiting + piece.SizeBytes > MaxBytes)
        {
            _leftOut += piece.LineCount;
            return;
        }

        Interlocked.Add(ref _waitingBytes, piece.SizeBytes);
        Interlocked.Add(ref _waitingLines, piece.LineCount);
        if (_pieces.Writer.TryWrite(piece))
        {
            _leftOut = 0;
            return;
        }

        Written(piece);
        _leftOut += piece.LineCount;
    }

    /// <summary>Waits until all is written, but not for long: what nobody has read by then is left out, which standard error says.</summary>
    /// <exception cref="IOException">The output could not be written, or (<see cref="ReaderGoneException"/>) nobody reads it.</exception>
    public async Task FinishAsync()
    {
        _pieces.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(FinishTime)).ConfigureAwait(false);
        if (Volatile.Read(ref _failure) is { } failure)
        {
            throw failure;
        }

        if (_leftOut + Interlocked.Read(ref _waitingLines) is > 0 and var unread)
        {
            // Whoever reads neither standard error holds nobody up either.
            await Task.WhenAny(Task.Run(() => _terminal.Note(LeftOut(unread))), Task.Delay(FinishTime)).ConfigureAwait(false);
        }
    }

    public void Dispose() => _ended.Dispose();

    private void Write()
    {
        var (output, error) = (StandardStream.Output(), StandardStream.Error());
        try
        {
            while (_pieces.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_pieces.Reader.TryRead(out var piece))
                {
                    if (piece.LeftOutBefore > 0)
                    {
                        _terminal.Onto(Stream.Null, error).Note(LeftOut(piece.LeftOutBefore));
                    }

                    output.Write(piece.Output);
                    _terminal.Onto(Stream.Null, error).ErrorBytes(piece.Error);
                    Written(piece);
                }
            }
        }
        catch (IOException e)
        {
            Volatile.Write(ref _failure, e);
            _ended.Cancel();
        }
    }

    private void Written(Piece piece)
    {
        Interlocked.Add(ref _waitingBytes, -piece.SizeBytes);
        Interlocked.Add(ref _waitingLines, -piece.LineCount);
    }

    private static string LeftOut(long count) =>
        $"{Quantity.Of(count, "line")} had to be left out, since nobody read the output; nothing is lost: 'savepoint events' and 'savepoint log' have {(count == 1 ? "it" : "them")}";

    /// <summary>What was said at once.</summary>
    /// <param name="Output">For standard output.</param>
    /// <param name="Error">For standard error.</param>
    /// <param name="LeftOutBefore">How many lines before it were left out.</param>
    private sealed record Piece(byte[] Output, byte[] Error, long LeftOutBefore)
    {
        public int SizeBytes => Output.Length + Error.Length;

        /// <summary>What standard error alone has is no result, and not counted.</summary>
        public int LineCount => Output.Length > 0 ? 1 : 0;
    }
}
