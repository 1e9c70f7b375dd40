using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Savepoint.Cli.Output;
using Savepoint.Cli.Platform;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>run</c>: runs a command and records all that it did to the workspace as one snapshot.</summary>
internal sealed class RunVerb() : Verb("run", "Run a command, and record all that it did to the workspace as one snapshot.")
{
    private const int NoEntry = 2; // ENOENT

    private readonly Argument<string[]> _command = new("CMD") { Arity = ArgumentArity.ZeroOrMore, Description = "The command and its arguments, behind '--'. No shell reads it: for pipes and the like, sh -c '…'." };
    private readonly ActorOptions _actor = new();
    private readonly Option<bool> _rollback = new("--rollback-on-failure") { Description = "If it ends with another code than 0, take back what it did, and end with 4." };
    private readonly Option<string?> _timeout = new("--timeout") { HelpName = "D", Description = "End it after this long: 500ms, 90s, 10m. It is asked first (SIGTERM), and killed five seconds later." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint run -- make",
        "savepoint run --rollback-on-failure -m 'new formatter' -- npx prettier --write .",
        "savepoint run --timeout 10m -- sh -c 'npm ci && npm test'",
    ];

    public override string Details => """
        What was not recorded before is captured first, as a snapshot of its own. The command has the standard streams and the
        terminal as if it were run alone; with --json its standard output goes to standard error. What it leaves running
        in the background writes into the next capture.

        Ends with the command's exit code (128 and the signal's number if one killed it), 125 if recording failed, 126 or 127
        if the command cannot be executed or found, 4 if it failed and was rolled back.
        """;

    public override int? FailureCode => ExitCode.RunFailed;

    public override void Declare(Command command)
    {
        command.Add(_command);
        _actor.Declare(command);
        command.Add(_rollback);
        command.Add(_timeout);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var texts = invocation.Get(_command) ?? [];
        if (texts.Length == 0)
        {
            throw new UsageException("The command to run is missing.", "Write it behind '--': savepoint run -- make");
        }

        if (OperatingSystem.IsWindows())
        {
            throw new UsageException("'run' needs Linux or macOS, or Windows' subsystem for Linux.", "Use 'savepoint capture' before and after the command.");
        }

        var limit = invocation.Get(_timeout) is { } text ? DurationSetting.TryParse(text) ?? throw new UsageException($"'{text}' is no duration: 500ms, 90s or 10m are.") : Timeout.InfiniteTimeSpan;
        var arguments = RawArguments.Last(texts);
        var context = _actor.Context(invocation);
        context = context with { Tool = context.Tool ?? Name, Message = context.Message ?? CommandText.Of(arguments) };

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var started = Stopwatch.GetTimestamp();
        var pending = await workspace.BeginCommandAsync(context, cancellationToken).ConfigureAwait(false);
        var command = new ForegroundCommand();
        var commandStarted = Stopwatch.GetTimestamp();
        if (cancellationToken.IsCancellationRequested)
        {
            pending.Abandon();
            throw new OperationCanceledException(cancellationToken);
        }

        if (command.Start(arguments, invocation.Terminal.IsJson) is not 0 and var error)
        {
            pending.Abandon();
            return NotStarted(invocation.Terminal, texts[0], error);
        }

        // From here on nothing stops us before all is recorded.
        var exitCode = await command.EndAsync(limit).ConfigureAwait(false);
        var result = await RecordAsync(pending, exitCode, Stopwatch.GetElapsedTime(commandStarted), invocation.Get(_rollback)).ConfigureAwait(false);
        RunAnswer.Give(invocation, workspace, result with { Drift = pending.Drift, IsTimedOut = command.IsTimedOut, Elapsed = Stopwatch.GetElapsedTime(started) });
        return result.Restored is null ? exitCode : result.IsRolledBack ? ExitCode.RolledBack : ExitCode.RunFailed;
    }

    private static async Task<RunResult> RecordAsync(PendingCommand pending, int exitCode, TimeSpan duration, bool rollBack)
    {
        try
        {
            var capture = await pending.CommitAsync(exitCode, duration, CancellationToken.None).ConfigureAwait(false);
            var restored = rollBack && exitCode != 0 ? await pending.RollBackAsync(capture.Snapshot!, CancellationToken.None).ConfigureAwait(false) : null;
            return new RunResult(capture, restored);
        }
        catch (SavepointException e)
        {
            throw new SavepointException(e.Code, $"The command ended with {exitCode}{(rollBack && exitCode != 0 ? " and was not rolled back" : "")}. {e.Message}", e.Hint, e);
        }
    }

    private static int NotStarted(Terminal terminal, string command, int error)
    {
        terminal.Error(
            $"Cannot run {command}: {Marshal.GetPInvokeErrorMessage(error)}.",
            error == NoEntry ? "Check its spelling and the PATH. No shell reads the command: for what a shell does, sh -c '…'." : "Check its mode (ls -l) and what kind of file it is.");
        return error == NoEntry ? ExitCode.NotFound : ExitCode.NotExecutable;
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Capture">What the command did.</param>
/// <param name="Restored">How it was taken back; null if it was not to be.</param>
internal sealed record RunResult(CaptureResult Capture, RestoreResult? Restored)
{
    /// <summary>The snapshot of what was unrecorded before; null if nothing was.</summary>
    public SnapshotNumber? Drift { get; init; }

    public bool IsTimedOut { get; init; }

    /// <summary>How long all of it took.</summary>
    public TimeSpan Elapsed { get; init; }

    public bool IsRolledBack => Restored?.Ending == RestoreEnding.Restored;
}
