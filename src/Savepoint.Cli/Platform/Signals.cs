using System.Runtime.InteropServices;

namespace Savepoint.Cli.Platform;

/// <summary>
/// Turns the first SIGINT or SIGTERM into a cancellation, so that what was begun ends as one of its two good endings; the
/// second ends the process at once. A signal that whoever started us ignores stays ignored.
/// </summary>
/// <remarks>
/// Nothing of it is ever taken back: the runtime handles a signal on a thread of its own, so one that came during the work
/// may be looked at when the work is over, and must not cost the process its exit code then.
/// </remarks>
internal static class Signals
{
    // Held for good: a registration that nobody holds is undone by its finalizer.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private static readonly CancellationTokenSource Source = new();

    public static CancellationToken Token => Source.Token;

    /// <summary>The number of the signal that came; 0 if none did.</summary>
    public static int Received { get; private set; }

    /// <summary>From here on the first signal is a cancellation.</summary>
    public static void Catch()
    {
        Register(PosixSignal.SIGINT, 2);
        Register(PosixSignal.SIGTERM, 15);
    }

    private static void Register(PosixSignal signal, int number)
    {
        if (OperatingSystem.IsWindows() || !PosixCalls.IsIgnored(number))
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, context => Handle(context, number)));
        }
    }

    private static void Handle(PosixSignalContext context, int number)
    {
        if (Received != 0)
        {
            return; // not cancelled: the system's own answer, death, follows
        }

        Received = number;
        context.Cancel = true;
        Source.Cancel();
    }
}
