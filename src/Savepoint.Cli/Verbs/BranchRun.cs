using System.Diagnostics;
using System.Runtime.InteropServices;
using Savepoint.Cli.Output;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>One command run in a branch, in the foreground, and recorded on it.</summary>
internal sealed class BranchRun(Invocation invocation, CaptureContext context, TimeSpan limit)
{
    private const int NoEntry = 2; // ENOENT

    public async Task<int> RunAsync(SnapshotManager workspace, string branch, string[] texts, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var arguments = RawArguments.Last(texts);
        context = context with { Tool = context.Tool ?? "branch run", Message = context.Message ?? CommandText.Of(arguments) };
        await using var copy = await workspace.OpenWorkingCopyAsync(branch, cancellationToken).ConfigureAwait(false);
        var pending = await copy.Manager.BeginCommandAsync(context, cancellationToken).ConfigureAwait(false);
        var command = new ForegroundCommand();
        var commandStarted = Stopwatch.GetTimestamp();
        if (command.Start(arguments, words => Start(copy, words)) is not 0 and var error)
        {
            pending.Abandon();
            return NotStarted(texts[0], error);
        }

        // From here on nothing stops us before all is recorded.
        var exitCode = await command.EndAsync(limit).ConfigureAwait(false);
        var left = copy.End();
        var duration = Stopwatch.GetElapsedTime(commandStarted);
        var capture = await pending.CommitAsync(exitCode, duration, CancellationToken.None).ConfigureAwait(false);
        Answer(copy, new RunResult(capture, null) { Drift = pending.Drift, IsTimedOut = command.IsTimedOut, Elapsed = Stopwatch.GetElapsedTime(started) }, left);
        return exitCode;
    }

    private (int Error, int Process) Start(WorkingCopy copy, IReadOnlyList<byte[]> words)
    {
        var error = copy.Start(new CommandStart { Arguments = words, Streams = invocation.Terminal.IsJson ? (-1, 2, -1) : (-1, -1, -1) }, out var process);
        return (error, process);
    }

    private void Answer(WorkingCopy copy, RunResult result, int left)
    {
        var terminal = invocation.Terminal;
        var command = result.Capture.Snapshot!;
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(copy.Manager, command.Number);
                json.WriteString("isolation", JsonNames.Of(copy.Isolation));
                json.WriteString("why", copy.Why);
                json.WriteString("directory", copy.Isolation == Isolation.Copy ? copy.Directory : null);
                json.WriteNumber("exitCode", command.ExitCode!.Value);
                json.WriteBoolean("timedOut", result.IsTimedOut);
                json.WriteNumber("durationMs", Math.Round(command.Duration!.Value.TotalMilliseconds, 3));
                ChangeJson.WriteAll(json, command.Changes, copy.Manager.Contents);
                CoverageJson.Write(json, result.Capture.Coverage);
                json.WriteSnapshot("drift", result.Drift);
                json.WriteNumber("endedProcesses", left);
                json.WriteElapsed(result.Elapsed);
                json.WriteEndObject();
            });
        }

        var ended = result.IsTimedOut ? $"its time was up, it ended with {command.ExitCode}" : command.ExitCode == 0 ? "it succeeded" : $"it ended with {command.ExitCode}";
        terminal.Note($"snapshot {command.Number} on {copy.Manager.Branch} ({JsonNames.Of(copy.Isolation)}) holds {Quantity.Of(command.Changes.Count, "change")} of the command; {ended} after {Quantity.Duration(command.Duration!.Value)}");
        if (left > 0)
        {
            terminal.Note($"{Quantity.Of(left, "program")} that it left running in the overlay {(left == 1 ? "was" : "were")} ended");
        }

        foreach (var line in CoverageText.Lines(result.Capture.Coverage))
        {
            terminal.Note(line);
        }
    }

    private int NotStarted(string command, int error)
    {
        invocation.Terminal.Error(
            $"Cannot run {command}: {Marshal.GetPInvokeErrorMessage(error)}.",
            error == NoEntry ? "Check its spelling and the PATH. No shell reads the command: for what a shell does, sh -c '…'." : "Check its mode (ls -l) and what kind of file it is.");
        return error == NoEntry ? ExitCode.NotFound : ExitCode.NotExecutable;
    }
}
