using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint.Cli.Verbs;

/// <summary><c>check</c>: builds, tests and measures the workspace as it is, records what was found out, and decides what follows.</summary>
internal sealed class CheckVerb() : Verb("check", "Build, test and measure the workspace as it is, record what was found out, and decide.")
{
    private readonly Option<string?> _build = new("--build") { HelpName = "CMD", Description = "Builds it." };
    private readonly Option<string?> _test = new("--test") { HelpName = "CMD", Description = "Runs its tests." };
    private readonly Option<string?> _bench = new("--bench") { HelpName = "CMD", Description = "Measures it." };
    private readonly Option<string?> _timeout = new("--timeout") { HelpName = "D", Description = "How long each may run: 90s, 10m, none (default: the setting checks.timeLimit, 30m)." };

    // What a hook starts. It sees for itself that the file is trusted: the agent may have changed it since.
    private readonly Option<bool> _unattended = new("--unattended") { Hidden = true };
    private readonly Option<bool> _autoRollback = new("--auto-rollback") { Description = "Go back by itself, where the settings would only suggest it." };

    private readonly Option<bool> _bisect = new("--bisect") { Description = "If the build or tests fail that did not: search the first bad snapshot, by checking states in between in a copy." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint check",
        "savepoint check --auto-rollback           # back to the last good state if something broke",
        "savepoint check --bisect                  # and name the snapshot that broke it",
        "savepoint check --build 'make -j4' --test 'make test'",
        "savepoint check --bench 'hyperfine --export-json /dev/stdout ./parse' --json",
    ];

    public override string Details => """
        Each CMD is one line for /bin/sh, run at the workspace's root. If any of the three is given only those run; else those
        of the settings (savepoint.json: {"checks":{"build":"…","test":"…","bench":"…"}}); where a setting is missing, what the
        files at the root suggest (dotnet, cargo, go, maven, gradle, npm, pnpm, yarn, pytest, cmake, make). Benchmarks are never guessed.

        What is unrecorded is recorded first; the results are recorded with that state. What the commands write into the
        workspace is a snapshot of its own. Results are read from what the commands print and from the report files that
        they write (TRX, JUnit XML, SARIF, BenchmarkDotNet). -v shows the commands' output as it comes.

        Then it decides, by the settings "triggers" and "checkpoints" ('savepoint config --help'): a build that fails, many tests that
        passed before and fail, a benchmark that is slower beyond its noise lead back to the last good state, if --auto-rollback or
        the settings say so, and are otherwise suggested; tests that pass after they did not make a milestone. 'savepoint decisions
        --explain ID' tells why. --bisect takes some more checks: about log2(n) and three for n snapshots since the last good state.

        Ends with 0 if all passed, 1 if a check failed or could not be carried out, 2 if no command is known (none given, none set, and
        nothing at the root suggests one), 4 if the workspace was rolled back.
        """;

    public override void Declare(Command command)
    {
        command.Add(_build);
        command.Add(_test);
        command.Add(_bench);
        command.Add(_timeout);
        command.Add(_unattended);
        command.Add(_autoRollback);
        command.Add(_bisect);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var limit = invocation.Get(_timeout) is { } text ? DurationSetting.TryParse(text) ?? throw new UsageException($"'{text}' is no duration: 90s, 10m or none are.") : (TimeSpan?)null;
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var isAsked = !invocation.Get(_unattended);
        var effective = invocation.SettingsOf(workspace.Root);
        var settings = CheckSettings.Of(effective, isAsked);
        if (!isAsked && (workspace.IsChecking || workspace.Verifications(workspace.Head!.Value).Count > 0))
        {
            return ExitCode.Done; // nothing is new, or the check of a turn before goes on
        }

        var given = new CheckCommands(Given(invocation, _build), Given(invocation, _test), Given(invocation, _bench));
        var commands = given.IsEmpty ? settings.Commands(isAsked ? workspace.DetectChecks() : CheckCommands.None) : given;
        if (commands.IsEmpty)
        {
            throw new UsageException("There is nothing to run: no checks are set, and the files at the root suggest none.", "savepoint check --build CMD --test CMD, or set \"checks\" in savepoint.json: 'savepoint check --help'.");
        }

        using var view = new CheckView(invocation.Terminal, commands);
        if (workspace.IsChecking)
        {
            invocation.Terminal.Note("another check of this workspace is under way: waiting for it");
        }

        var policies = Policies(effective, isAsked, invocation.Get(_autoRollback));
        var options = new CheckOptions { TimeLimit = limit ?? settings.TimeLimit, Lines = view };
        var result = await workspace.CheckAsync(commands, options, cancellationToken).ConfigureAwait(false);
        result = await workspace.MeasureAgainAsync(result, policies, options, cancellationToken).ConfigureAwait(false);
        var decision = await workspace.DecideAsync(result, policies, new CaptureContext { Tool = Name }, cancellationToken).ConfigureAwait(false);
        view.Dispose();
        if (invocation.Get(_bisect))
        {
            decision = await FirstBadAsync(invocation, workspace, result, decision, options.TimeLimit, cancellationToken).ConfigureAwait(false);
        }

        CheckAnswer.Give(invocation, workspace, result, decision);
        return PolicyAction.IsRollback(decision.Action) && decision.Outcome == DecisionOutcome.Done ? ExitCode.RolledBack
            : result.IsPassed ? ExitCode.Done : ExitCode.Failed;
    }

    // What was decided stands, and may be done: a search that cannot be made is no reason to keep it from whoever asked.
    private static async Task<Decision> FirstBadAsync(Invocation invocation, SnapshotManager workspace, CheckResult result, Decision decision, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        try
        {
            using var view = new BisectView(invocation.Terminal);
            return await workspace.FindFirstBadAsync(result, decision, new BisectOptions { TimeLimit = timeLimit, Progress = view }, cancellationToken).ConfigureAwait(false);
        }
        catch (SavepointException e)
        {
            invocation.Terminal.Note($"the first bad snapshot could not be searched for: {e.Message} {e.Hint}");
            return decision;
        }
    }

    private static PolicyOptions Policies(EffectiveSettings settings, bool isAsked, bool isAutomatic)
    {
        var policies = settings.Policies(isAsked);
        return isAutomatic ? policies with { Rollback = policies.Rollback.Acting() } : policies;
    }

    private static string? Given(Invocation invocation, Option<string?> option) =>
        invocation.Get(option) is { } text ? text.Trim().Length > 0 ? text : throw new UsageException($"{option.Name} needs a command.") : null;
}
