using Savepoint.Checking;
using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <content>Checks: what is in the tree is recorded, built, tested and measured, and what came of it is recorded with that state.</content>
public sealed partial class SnapshotManager
{
    private const string CheckTool = "check";

    /// <summary>How often to look whether another check is over.</summary>
    private static readonly TimeSpan CheckPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long to wait for other checks: three commands of a check may take half an hour each, and a few checks may wait.</summary>
    private static readonly TimeSpan MaxCheckWait = TimeSpan.FromHours(4);

    /// <summary>The commands that the files at the workspace's root suggest; none where nothing is known. No benchmark is ever suggested.</summary>
    public CheckCommands DetectChecks() => CheckDetection.Detect(Root);

    /// <summary>Whether a check of this workspace is under way, in any process.</summary>
    public bool IsChecking
    {
        get
        {
            using var only = WorkspaceLock.TryCheck(StoreDirectory);
            return only is null;
        }
    }

    /// <summary>
    /// Records what is unrecorded, runs the commands in the workspace, reads what they say, and records what was found out with
    /// the state that was checked. What they wrote into the workspace is a snapshot of its own, and nobody's.
    /// </summary>
    /// <param name="commands">What to run; the library runs nothing that it is not given.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait for another check, or the command that runs and all that it started; nothing is recorded of the check then.</param>
    /// <returns>How it ended. A command that failed is a result, no exception.</returns>
    /// <exception cref="ArgumentException">There is nothing to run.</exception>
    /// <exception cref="SavepointException">The workspace has no baseline, the system no shell, or other checks took longer than four hours (<see cref="ErrorCode.Busy"/>).</exception>
    public async Task<CheckResult> CheckAsync(CheckCommands commands, CheckOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commands);
        if (commands.IsEmpty)
        {
            throw new ArgumentException("There is no command to run.", nameof(commands));
        }

        options ??= new CheckOptions();
        options.Validate();
        using var only = await HoldChecksAsync(cancellationToken).ConfigureAwait(false);
        var pending = await BeginCommandAsync(new CaptureContext { Tool = CheckTool, Message = "what the checks wrote" }, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<CheckedCommand> results;
        CaptureResult written;
        try
        {
            results = await new CheckRunner(_options.Time).RunAsync(commands, Root, options, prefix: [], endsDaemons: false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Also of a check that was broken off: it is not the work of whoever is recorded next.
            written = await pending.CommitCallAsync(CancellationToken.None).ConfigureAwait(false);
        }

        if (ChangedBy(pending.Before) is { } other)
        {
            results = [.. results.Select(result => result with { Outcome = CheckOutcome.Unknown, Reason = $"the workspace was changed while it was checked (snapshot {other}): check again" })];
        }

        return Settle(results, pending) with { Written = written.Snapshot?.Number ?? NewestWritten(pending.Before) };
    }

    private CheckResult Settle(IReadOnlyList<CheckedCommand> results, PendingCommand pending)
    {
        var (build, test) = (results.FirstOrDefault(result => result.Kind == CheckKind.Build), results.FirstOrDefault(result => result.Kind == CheckKind.Test));
        var bench = results.FirstOrDefault(result => result.Kind == CheckKind.Bench);
        var isKnown = test?.Outcome is CheckOutcome.Passed or CheckOutcome.Failed;
        var verification = Record(new Verification(
            0,
            pending.Before,
            _options.Time.GetUtcNow(),
            build?.Outcome switch { CheckOutcome.Passed => BuildResult.Passed, CheckOutcome.Failed => BuildResult.Failed, _ => BuildResult.Unknown },
            isKnown ? test!.Tests : null,
            bench is { Outcome: CheckOutcome.Passed } ? bench.Figures : [])
        {
            TestOutcome = test?.Outcome ?? CheckOutcome.NotRun,
            FailingTests = isKnown ? test!.FailingTests : null,
            ErrorCount = build?.ErrorCount ?? 0,
            Errors = [.. (build?.Diagnostics ?? []).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(50)],
            Commands = new CheckCommands(build?.Command, test?.Command, bench?.Command),
        });
        var baseline = test is null ? null : _store.Verifications.NewestWithTests(pending.Before, but: pending.Before);
        return new CheckResult(verification, results)
        {
            Drift = pending.Drift,
            Baseline = baseline,
            NewlyFailing = baseline?.FailingTests is { } before && verification.FailingTests is { } now ? [.. now.Except(before)] : [],
        };
    }

    private async Task<WorkspaceLock> HoldChecksAsync(CancellationToken cancellationToken)
    {
        var started = _options.Time.GetTimestamp();
        WorkspaceLock? held;
        while ((held = WorkspaceLock.TryCheck(StoreDirectory)) is null)
        {
            if (_options.Time.GetElapsedTime(started) > MaxCheckWait)
            {
                throw new SavepointException(ErrorCode.Busy, $"Other checks of {Root} have been under way for {MaxCheckWait.TotalHours:0} hours.", "End the one that hangs, then repeat the command.");
            }

            await Task.Delay(CheckPause, _options.Time, cancellationToken).ConfigureAwait(false);
        }

        return held;
    }

    /// <summary>A snapshot since this one that is not the checks' own and changed something; null if there is none.</summary>
    private SnapshotNumber? ChangedBy(SnapshotNumber before) =>
        Since(before).Where(snapshot => snapshot.Tool != CheckTool && !_store.IsIdle(snapshot)).Select(snapshot => (SnapshotNumber?)snapshot.Number).FirstOrDefault();

    private SnapshotNumber? NewestWritten(SnapshotNumber before) =>
        Since(before).Where(snapshot => snapshot.Tool == CheckTool).Select(snapshot => (SnapshotNumber?)snapshot.Number).FirstOrDefault();

    /// <summary>The snapshots after this one on the way back from the head, the newest first, without their changes.</summary>
    private IEnumerable<Snapshot> Since(SnapshotNumber before)
    {
        for (var number = Head; number is { } next && next.Value > before.Value;)
        {
            var snapshot = _store.FindHeader(next)!;
            yield return snapshot;
            number = snapshot.Parent;
        }
    }
}
