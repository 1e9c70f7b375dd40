using Savepoint.Cli.Output;
using Savepoint.Cli.Platform;
using Savepoint.Cli.Verbs;
using Savepoint.Model;

namespace Savepoint.Cli;

/// <summary>
/// The edge of the process: every failure becomes a message on standard error and an exit code, never a stack trace.
/// </summary>
internal sealed class FailureReport(Terminal terminal)
{
    /// <summary>Runs what cannot wait and cannot be interrupted.</summary>
    public int Guard(Func<int> run)
    {
        try
        {
            var code = run();
            terminal.Flush();
            return code;
        }
        catch (Exception e)
        {
            return Report(e, verb: null);
        }
    }

    /// <summary>Runs a verb.</summary>
    public async Task<int> GuardAsync(Verb verb, Func<Task<int>> run)
    {
        try
        {
            var code = await run().ConfigureAwait(false);
            return FlushAfter(code);
        }
        catch (OperationCanceledException) when (Signals.Received != 0)
        {
            terminal.Error("Stopped before anything was recorded or restored.", null);
            return ExitCode.Signalled + Signals.Received;
        }
        catch (Exception e)
        {
            return Report(e, verb);
        }
    }

    /// <summary>A reader that left before the end of an answer takes nothing from how the work ended.</summary>
    private int FlushAfter(int code)
    {
        try
        {
            terminal.Flush();
        }
        catch (ReaderGoneException)
        {
            // Nobody wants the rest.
        }

        return code;
    }

    private int Report(Exception failure, Verb? verb)
    {
        switch (failure)
        {
            case ReaderGoneException:
                return ExitCode.Done;
            case UsageException usage:
                terminal.Error(usage.Message, usage.Hint ?? (verb is null ? "'savepoint --help' lists the verbs." : $"'savepoint {verb.Name} --help' shows how it is used."));
                return verb?.FailureCode == ExitCode.Done ? ExitCode.Done : ExitCode.Usage;
            case SavepointException known:
                FlushResult();
                terminal.Error(known.Message, known.Hint);
                ShowAll(known.InnerException);
                return verb?.FailureCode ?? (known.Code == ErrorCode.Damaged ? ExitCode.Damaged : ExitCode.Failed);
            case IOException or UnauthorizedAccessException:
                terminal.Error($"The system failed: {failure.Message}", "Look at the room on the disk, at permissions and at the limit on open files, then repeat the command; 'savepoint doctor' looks as well.");
                ShowAll(failure);
                return verb?.FailureCode ?? ExitCode.Failed;
            default:
                terminal.Error($"Unexpected failure: {failure.Message}", terminal.IsVerbose ? null : "Repeat it with --verbose to see all that is known of it.");
                ShowAll(failure);
                return verb?.FailureCode ?? ExitCode.Failed;
        }
    }

    /// <summary>A verb that failed may have answered already: that answer still counts.</summary>
    private void FlushResult()
    {
        try
        {
            terminal.Flush();
        }
        catch (IOException)
        {
            // The failure that is about to be reported matters more.
        }
    }

    private void ShowAll(Exception? failure)
    {
        if (terminal.IsVerbose && failure is not null)
        {
            terminal.ErrorText(string.Concat(failure.ToString().Split('\n').Select(line => $"  {SafeText.Of(line)}\n")));
        }
    }
}
