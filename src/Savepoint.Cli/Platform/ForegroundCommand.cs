using System.Diagnostics;
using System.Runtime.InteropServices;
using Savepoint.Checking.Running;

namespace Savepoint.Cli.Platform;

/// <summary>
/// One program, run as a shell runs it in the foreground: our standard streams, terminal and process group are its own,
/// signals that reach us alone are passed on, and we outlive it whatever comes.
/// </summary>
/// <remarks>
/// What the terminal's keys send goes to the whole process group, so the program has it already; sent on, Ctrl-C would
/// count twice. Everything else was sent to us and is passed on. Ctrl-Z stops us both, as the system does it.
/// </remarks>
internal sealed class ForegroundCommand
{
    private const int Terminate = 15; // SIGTERM
    private const int Kill = 9; // SIGKILL
    private const int ExecFormat = 8; // ENOEXEC

    /// <summary>How long a program may take to end once its time is up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    // Held for good: one that nobody holds is undone by its finalizer.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private readonly Lock _gate = new();
    private readonly List<int> _early = [];
    private int _process;
    private bool _isEnded;

    /// <summary>
    /// From here on no signal ends us, until we end ourselves: the runtime handles a signal on a thread of its own, and one
    /// that came while the program ran may be looked at when all is over. Without a handler it would kill us then, and
    /// with us the program's exit code.
    /// </summary>
    public ForegroundCommand()
    {
        foreach (var (signal, number, isOfKeys) in Passed())
        {
            if (!PosixCalls.IsIgnored(number))
            {
                Registrations.Add(PosixSignalRegistration.Create(signal, context => Pass(context, number, isOfKeys)));
            }
        }
    }

    /// <summary>Whether the program was ended because its time was up.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>Starts the program.</summary>
    /// <returns>0, or the errno that says why it could not be started.</returns>
    public int Start(IReadOnlyList<byte[]> arguments, bool outputToError) =>
        Start(arguments, words => (ChildCalls.Start(new ChildStart(words) { Output = outputToError ? 2 : null }, out var process), process));

    /// <summary>As <see cref="Start(IReadOnlyList{byte[]}, bool)"/>, by what somebody else makes of it.</summary>
    /// <param name="arguments">The program and its arguments.</param>
    /// <param name="start">Starts a program as a child of ours: 0 or the errno, and its process number.</param>
    public int Start(IReadOnlyList<byte[]> arguments, Func<IReadOnlyList<byte[]>, (int Error, int Process)> start)
    {
        var (error, process) = start(arguments);
        if (error == ExecFormat)
        {
            // A script without "#!": POSIX has the shell run it, as execvp(3) and every shell do.
            (error, process) = start(["/bin/sh"u8.ToArray(), "-c"u8.ToArray(), "exec \"$0\" \"$@\""u8.ToArray(), .. arguments]);
        }

        lock (_gate)
        {
            _process = error == 0 ? process : 0;
            foreach (var signal in error == 0 ? _early : [])
            {
                ChildCalls.Send(process, signal);
            }
        }

        return error;
    }

    /// <summary>Waits for the program's end, and brings it about when the time is up.</summary>
    /// <param name="timeLimit">How long it may run; infinite for as long as it takes.</param>
    /// <returns>Its exit code, or 128 and the number of the signal that killed it.</returns>
    public async Task<int> EndAsync(TimeSpan timeLimit)
    {
        // A thread of its own: the wait may last for hours.
        var end = Task.Factory.StartNew(() => ChildCalls.AwaitEnd(_process), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (timeLimit != Timeout.InfiniteTimeSpan && await Task.WhenAny(end, Task.Delay(timeLimit)).ConfigureAwait(false) != end)
        {
            IsTimedOut = true;
            await EndByForceAsync(end).ConfigureAwait(false);
        }

        await end.ConfigureAwait(false);
        lock (_gate)
        {
            _isEnded = true; // its number may soon be another's
            return ChildCalls.Reap(_process);
        }
    }

    private static IEnumerable<(PosixSignal Signal, int Number, bool IsOfKeys)> Passed()
    {
        yield return (PosixSignal.SIGINT, 2, true);
        yield return (PosixSignal.SIGQUIT, 3, true);
        yield return (PosixSignal.SIGHUP, 1, false);
        yield return (PosixSignal.SIGTERM, Terminate, false);
        foreach (var user in (int[])(OperatingSystem.IsMacOS() ? [30, 31] : [10, 12])) // SIGUSR1, SIGUSR2
        {
            yield return ((PosixSignal)user, user, false);
        }
    }

    private void Pass(PosixSignalContext context, int number, bool isOfKeys)
    {
        context.Cancel = true; // we live on, to record what the program did
        lock (_gate)
        {
            if (_isEnded || (isOfKeys && PosixCalls.IsInForeground()))
            {
                return;
            }

            if (_process == 0)
            {
                _early.Add(number);
            }
            else
            {
                ChildCalls.Send(_process, number);
            }
        }
    }

    /// <summary>Asks the program and all that it started to end, and after a while ends them.</summary>
    private async Task EndByForceAsync(Task end)
    {
        var asked = ProcessTree.Of(_process);
        asked.ForEach(process => ChildCalls.Send(process.Number, Terminate));
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Grace && !(end.IsCompleted && asked.TrueForAll(process => !process.IsThere)))
        {
            await Task.Delay(Look).ConfigureAwait(false);
        }

        foreach (var process in asked.Concat(ProcessTree.Of(_process)).Where(process => process.IsThere))
        {
            ChildCalls.Send(process.Number, Kill);
        }
    }
}
