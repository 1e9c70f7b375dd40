using System.Runtime.InteropServices;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Checking.Running;

/// <summary>
/// Runs one command to its end, in a session of its own, with nothing on its standard input. What it writes goes to a sink as
/// it comes; nothing of it is held here. When it has ended, by itself or not, nothing of it is left running but daemons.
/// </summary>
internal sealed class CommandRunner(TimeProvider time)
{
    /// <summary>How many commands this process has run, for their marks.</summary>
    private static int _count;

    /// <summary>Runs it.</summary>
    /// <param name="command">What, where, and for how long.</param>
    /// <param name="sink">Takes what it writes.</param>
    /// <param name="cancellationToken">Ends it and all that it started, and then this.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing of it is running any more.</exception>
    /// <exception cref="SavepointException">The system has no shell, as Windows has none.</exception>
    public Task<CommandEnding> RunAsync(ShellCommand command, IOutputSink sink, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new SavepointException(ErrorCode.InvalidSettings, "Checks run by /bin/sh: they need Linux or macOS, or Windows' subsystem for Linux.", "Run Savepoint in that subsystem.");
        }

        // A thread of its own: it waits for pipes, for hours perhaps.
        return Task.Factory.StartNew(() => Run(command, sink, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private CommandEnding Run(ShellCommand command, IOutputSink sink, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var mark = $"{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-{Guid.NewGuid():n}";
        using var pipes = new OutputPipes();
        var started = time.GetTimestamp();
        var child = Child(command, mark, pipes);
        var (error, process) = command.Start is { } start ? start(child) : (ChildCalls.Start(child, out var number), number);
        pipes.CloseOurWriteEnds();
        if (error != 0)
        {
            return new CommandEnding(null, TimeSpan.Zero) { StartProblem = $"{Marshal.GetPInvokeErrorMessage(error)}, in {command.Directory}" };
        }

        var group = new CommandGroup(process, Encoding.UTF8.GetBytes(mark));
        using var ended = new CancellationTokenSource();
        var waiter = Task.Factory.StartNew(() => AwaitEnd(process, ended, pipes), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var cancelled = cancellationToken.Register(pipes.Wake);
        var stages = new CommandStages(time, command, started);
        var exitCode = 0;
        try
        {
            while (stages.Next(ended.IsCancellationRequested, cancellationToken.IsCancellationRequested, pipes.IsOpen, group) is { } wait)
            {
                pipes.Pump(sink, wait);
            }

            pipes.Drain(sink);
        }
        catch
        {
            group.Kill(withDaemons: true); // the sink failed
            throw;
        }
        finally
        {
            waiter.Wait(CancellationToken.None);
            exitCode = ChildCalls.Reap(process);
        }

        sink.End();
        cancellationToken.ThrowIfCancellationRequested();
        return new CommandEnding(exitCode, time.GetElapsedTime(started)) { IsTimedOut = stages.IsTimedOut };
    }

    private static ChildStart Child(ShellCommand command, string mark, OutputPipes pipes) => new([.. ((string[])[.. command.Prefix, "/bin/sh", "-c", command.Text]).Select(Encoding.UTF8.GetBytes)])
    {
        HasNoInput = true,
        Output = pipes.Output,
        Error = pipes.Error,
        Directory = Encoding.UTF8.GetBytes(command.Directory),
        Environment = EnvironmentBlock.Of(command.Environment, mark),
        BeginsSession = true,
    };

    private static void AwaitEnd(int process, CancellationTokenSource ended, OutputPipes pipes)
    {
        ChildCalls.AwaitEnd(process);
        ended.Cancel();
        pipes.Wake();
    }
}
