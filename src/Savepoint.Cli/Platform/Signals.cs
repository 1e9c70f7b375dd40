using System.Runtime.InteropServices;

namespace Savepoint.Cli.Platform;

/// <summary>
/// Turns the first SIGINT or SIGTERM into a cancellation, so that what was begun ends as one of its two good endings; the
/// second ends the process at once. A signal that whoever started us ignores stays ignored.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration? _interrupt;
    private readonly PosixSignalRegistration? _terminate;

    public Signals()
    {
        _interrupt = Register(PosixSignal.SIGINT, 2);
        _terminate = Register(PosixSignal.SIGTERM, 15);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The number of the signal that came; 0 if none did.</summary>
    public int Received { get; private set; }

    public void Dispose()
    {
        _interrupt?.Dispose();
        _terminate?.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration? Register(PosixSignal signal, int number) => !OperatingSystem.IsWindows() && PosixCalls.IsIgnored(number)
        ? null
        : PosixSignalRegistration.Create(signal, context => Handle(context, number));

    private void Handle(PosixSignalContext context, int number)
    {
        if (Received != 0)
        {
            return; // not cancelled: the system's own answer, death, follows
        }

        Received = number;
        context.Cancel = true;
        _source.Cancel();
    }
}
