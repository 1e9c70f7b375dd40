using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>check</c>: builds, tests and measures the workspace as it is, and records what was found out.</summary>
internal sealed class CheckVerb() : Verb("check", "Build, test and measure the workspace as it is, and record what was found out.")
{
    private readonly Option<string?> _build = new("--build") { HelpName = "CMD", Description = "Builds it." };
    private readonly Option<string?> _test = new("--test") { HelpName = "CMD", Description = "Runs its tests." };
    private readonly Option<string?> _bench = new("--bench") { HelpName = "CMD", Description = "Measures it." };
    private readonly Option<string?> _timeout = new("--timeout") { HelpName = "D", Description = "How long each may run: 90s, 10m, none (default: the setting checks.timeLimit, 30m)." };

    // What a hook starts. It sees for itself that the file is trusted: the agent may have changed it since.
    private readonly Option<bool> _unattended = new("--unattended") { Hidden = true };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint check",
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

        Ends with 0 if all passed, 1 if a check failed or nothing could be found out.
        """;

    public override void Declare(Command command)
    {
        command.Add(_build);
        command.Add(_test);
        command.Add(_bench);
        command.Add(_timeout);
        command.Add(_unattended);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var limit = invocation.Get(_timeout) is { } text ? DurationSetting.TryParse(text) ?? throw new UsageException($"'{text}' is no duration: 90s, 10m or none are.") : (TimeSpan?)null;
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var isAsked = !invocation.Get(_unattended);
        var settings = CheckSettings.Of(invocation.SettingsOf(workspace.Root), isAsked);
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

        var result = await workspace.CheckAsync(commands, new CheckOptions { TimeLimit = limit ?? settings.TimeLimit, Lines = view }, cancellationToken).ConfigureAwait(false);
        view.Dispose();
        CheckAnswer.Give(invocation, workspace, result);
        return result.IsPassed ? ExitCode.Done : ExitCode.Failed;
    }

    private static string? Given(Invocation invocation, Option<string?> option) =>
        invocation.Get(option) is { } text ? text.Trim().Length > 0 ? text : throw new UsageException($"{option.Name} needs a command.") : null;
}
