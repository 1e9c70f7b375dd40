using System.IO.Pipes;

namespace Savepoint.Checking.Running;

/// <summary>The two pipes that a command writes into, and a third that wakes whoever waits for them. Only <see cref="Wake"/> is for other threads.</summary>
internal sealed class OutputPipes : IDisposable
{
    /// <summary>What a pipe holds at most (Linux, pipe-max-size for the unprivileged).</summary>
    private const int MostPipeBytes = 1 << 20;

    private readonly AnonymousPipeServerStream _output = new(PipeDirection.In, HandleInheritability.None);
    private readonly AnonymousPipeServerStream _error = new(PipeDirection.In, HandleInheritability.None);
    private readonly AnonymousPipeServerStream _wake = new(PipeDirection.In, HandleInheritability.None);
    private readonly AnonymousPipeClientStream _waker;
    private readonly Lock _waking = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly int[] _open;
    private bool _isDisposed;

    public OutputPipes()
    {
        _waker = new AnonymousPipeClientStream(PipeDirection.Out, _wake.ClientSafePipeHandle);
        _open = [Number(_output.SafePipeHandle), Number(_error.SafePipeHandle), Number(_wake.SafePipeHandle)];
    }

    /// <summary>The descriptor that is to be the command's standard output.</summary>
    public int Output => Number(_output.ClientSafePipeHandle);

    /// <summary>The descriptor that is to be its standard error.</summary>
    public int Error => Number(_error.ClientSafePipeHandle);

    /// <summary>Whether anybody may still write into one of them.</summary>
    public bool IsOpen => _open[0] >= 0 || _open[1] >= 0;

    /// <summary>Lets go of our copies of the ends that the command writes into, so that they end with it.</summary>
    public void CloseOurWriteEnds()
    {
        _output.DisposeLocalCopyOfClientHandle();
        _error.DisposeLocalCopyOfClientHandle();
    }

    /// <summary>Hands on what comes, for so long at most; returns as soon as something came, a pipe ended, or somebody woke us.</summary>
    /// <returns>Whether something came.</returns>
    public bool Pump(IOutputSink sink, TimeSpan limit)
    {
        var hasCome = false;
        Span<bool> ready = stackalloc bool[3];
        PipeCalls.Wait(_open, ready, limit);
        for (var i = 0; i < 3; i++)
        {
            if (!ready[i])
            {
                continue;
            }

            var count = PipeCalls.Read(_open[i], _buffer);
            if (i < 2 && count > 0)
            {
                sink.Write(isError: i == 1, _buffer.AsSpan(0, count));
                hasCome = true;
            }
            else if (count == 0)
            {
                _open[i] = -1;
            }
        }

        return hasCome;
    }

    /// <summary>Hands on what is in the pipes now: on a busy machine a command may be long over before we come to read. Not what a daemon goes on to write.</summary>
    public void Drain(IOutputSink sink)
    {
        for (var i = 0; i < MostPipeBytes / _buffer.Length && Pump(sink, TimeSpan.Zero); i++)
        {
        }
    }

    /// <summary>Ends a wait. From any thread.</summary>
    public void Wake()
    {
        lock (_waking)
        {
            if (!_isDisposed)
            {
                _waker.WriteByte(1);
            }
        }
    }

    public void Dispose()
    {
        lock (_waking)
        {
            _isDisposed = true;
        }

        _waker.Dispose();
        _output.Dispose();
        _error.Dispose();
        _wake.Dispose();
    }

    // Held by the stream until this is disposed of, so the number stays what it is.
    private static int Number(System.Runtime.InteropServices.SafeHandle handle) => (int)handle.DangerousGetHandle();
}
