using System.Diagnostics;
using System.Runtime.InteropServices;
using Savepoint.Model;
using Savepoint.Workspaces.Linux;
using Savepoint.Workspaces.Overlays;

namespace Savepoint;

/// <summary>
/// A branch opened to run commands in it: in its directory, or in an overlay that only they see. Any number of commands, one after the
/// other or, in a copy, at once. What they do is recorded through <see cref="Manager"/>: <see cref="SnapshotManager.BeginCommandAsync"/> before,
/// <see cref="PendingCommand.CommitAsync"/> after. Linux only.
/// </summary>
public sealed class WorkingCopy : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly OverlayMount? _overlay;
    private readonly OverlayUse? _use;
    private bool _isDisposed;

    internal WorkingCopy(SnapshotManager manager, Isolation isolation, string why, string directory, OverlayMount? overlay = null, OverlayUse? use = null)
    {
        (Manager, Isolation, Why, Directory, _overlay, _use) = (manager, isolation, why, directory, overlay, use);
    }

    /// <summary>The branch, to record and to look at. An overlay cannot be restored through it.</summary>
    public SnapshotManager Manager { get; }

    /// <summary>What keeps the commands apart from the workspace.</summary>
    public Isolation Isolation { get; }

    /// <summary>Why it is that; empty if it was asked for.</summary>
    public string Why { get; }

    /// <summary>The directory that commands run in. Of an overlay it is the workspace's own path, which leads to the overlay for them alone.</summary>
    public string Directory { get; }

    /// <summary>Where what commands write is found from outside: the directory, or an overlay's own layer.</summary>
    internal string WrittenDirectory => _overlay?.Upper ?? Directory;

    /// <summary>Starts a command; in an overlay, one at a time. End it with <see cref="End"/> once it is reaped, or use <see cref="RunAsync"/>.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="process">Its process number; whoever started it waits for it.</param>
    /// <returns>0, or the errno that says why the program could not be executed.</returns>
    /// <exception cref="SavepointException">The overlay cannot be mounted, or the directory is gone.</exception>
    public int Start(CommandStart command, out int process)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Commands in working copies are started on Linux only.");
        }

        var launch = CommandLaunch.StartBound(new LaunchRequest
        {
            Arguments = command.Arguments,
            Directory = Directory,
            Overlay = _overlay is null ? null : _overlay with { NoteTo = _use?.Descriptor ?? -1 },
            Environment = command.Environment,
            Streams = command.Streams,
            HasOwnSession = command.HasOwnSession,
        });
        process = launch.Process;
        if (launch is { Process: > 0, Namespace: { } space })
        {
            _use!.Note(space);
        }

        return launch.FailedStep switch
        {
            null => 0,
            LaunchStep.Execute => launch.Errno,
            LaunchStep.Directory => throw new SavepointException(ErrorCode.NotTracked, $"The working copy {Directory} cannot be entered: {Marshal.GetPInvokeErrorMessage(launch.Errno)}.", $"'savepoint branch delete {Manager.Branch}' ends the branch; its snapshots stay."),
            _ => throw new SavepointException(ErrorCode.Environment, $"Branch '{Manager.Branch}' cannot be entered: {SnapshotManager.OverlayFailure(launch)}.", $"'savepoint branch create OTHER --from {Manager.Branch}' makes a directory of it."),
        };
    }

    /// <summary>Ends what a command left running that still sees the overlay; in a copy nothing is ended.</summary>
    /// <returns>How many processes there were.</returns>
    public int End() => _use?.EndLeftovers() ?? 0;

    /// <summary>Runs a command in a session of its own, and waits for its end.</summary>
    /// <param name="command">What to run. Its streams are closed by nobody here.</param>
    /// <param name="timeLimit">How long it may take; then, and when it is cancelled, its session is ended. Null: as long as it takes.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<CommandEnd> RunAsync(CommandStart command, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        cancellationToken.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        if (Start(command with { HasOwnSession = true }, out var process) is not 0 and var error)
        {
            const int NoEntry = 2; // ENOENT
            return new CommandEnd(error == NoEntry ? 127 : 126, Stopwatch.GetElapsedTime(started), IsTimedOut: false, Marshal.GetPInvokeErrorMessage(error));
        }

        // A thread of its own: the wait may last for hours.
        var end = Task.Factory.StartNew(() => LinuxCalls.AwaitEnd(process), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var isEnded = await IsEndedAsync(end, timeLimit, cancellationToken).ConfigureAwait(false);
        if (!isEnded)
        {
            LinuxCalls.SendSignal(-process, SignalNumber.Terminate);
            if (await Task.WhenAny(end, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false) != end)
            {
                LinuxCalls.SendSignal(-process, SignalNumber.Kill);
            }

            await end.ConfigureAwait(false);
        }

        LinuxCalls.SendSignal(-process, SignalNumber.Kill); // what it left running in its session
        var code = LinuxCalls.Reap(process);
        End();
        cancellationToken.ThrowIfCancellationRequested();
        return new CommandEnd(code, Stopwatch.GetElapsedTime(started), IsTimedOut: !isEnded, null);
    }

    /// <summary>Ends what is left running, and lets go of the branch. Nothing happens if it is called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        try
        {
            End();
        }
        finally
        {
            _use?.Dispose();
            await Manager.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsEndedAsync(Task end, TimeSpan? timeLimit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var isEnded = await Task.WhenAny(end, Task.Delay(timeLimit ?? Timeout.InfiniteTimeSpan, stop.Token)).ConfigureAwait(false) == end;
        await stop.CancelAsync().ConfigureAwait(false);
        return isEnded;
    }

    private static class SignalNumber
    {
        public const int Kill = 9;
        public const int Terminate = 15;
    }
}
