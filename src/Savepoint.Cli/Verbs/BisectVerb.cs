using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Cli.Platform;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>bisect</c>: which snapshot broke it.</summary>
internal sealed class BisectVerb() : Verb("bisect", "Find the snapshot that broke something, by running a command at states in between, in a copy.")
{
    private readonly Option<string?> _good = new("--good") { HelpName = "REV", Description = "A state at which it works." };
    private readonly Option<string?> _bad = new("--bad") { HelpName = "REV", Description = "A later one at which it does not; the head if it is left out, with what is not recorded yet." };
    private readonly Option<int> _repeat = new("--repeat") { HelpName = "N", DefaultValueFactory = _ => new BisectOptions().Repetitions, Description = "How often a state has to pass once the command was found to be flaky." };
    private readonly Option<string?> _timeout = new("--timeout") { HelpName = "D", Description = "How long each run may take: 90s, 10m, none (default: 30m). One that takes longer cannot be told." };
    private readonly Argument<string[]> _command = new("CMD") { Arity = ArgumentArity.ZeroOrMore, Description = "The command and its arguments, behind '--'; or a single text, a line for /bin/sh." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint bisect --good turn:t12 -- npm test",
        "savepoint bisect --good last-release --bad @-2 -- 'make && ./check'",
    ];

    public override string Details => """
        The command runs in a copy of the workspace, ignored files included, that is taken from state to state; the workspace is not touched. Without
        --bad, what is unrecorded is captured first. Exit codes as in 'git bisect run': 0 is good, 125 cannot be told (does not build, say), others below 128 are bad, 128 and above
        call it off. With n snapshots it takes about log2(n) runs and three more, at either side of what was found: if they disagree with earlier
        ones, the command is flaky, and from then on a state has to pass several times to be good.

        Ends with 0 if the snapshot was found, else with 1.
        """;

    public override void Declare(Command command)
    {
        command.Add(_good);
        command.Add(_bad);
        command.Add(_repeat);
        command.Add(_timeout);
        command.Add(_command);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var good = RevisionArgument.Parse(invocation.Get(_good) ?? throw new UsageException("A good revision is missing.", "savepoint bisect --good REV -- CMD"));
        var bad = invocation.Get(_bad) is { } text ? RevisionArgument.Parse(text) : null;
        var command = Line(invocation.Get(_command) ?? []);
        var options = new BisectOptions
        {
            Repetitions = invocation.Get(_repeat) is >= 1 and var repeat ? repeat : throw new UsageException("--repeat takes a number, 1 or more."),
            TimeLimit = invocation.Get(_timeout) is { } limit ? DurationSetting.TryParse(limit) ?? throw new UsageException($"'{limit}' is no duration: 90s, 10m or none are.") : new BisectOptions().TimeLimit,
        };
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var from = ResolvedRevision.Find(workspace, good, invocation.Terminal).Number; // before what is unrecorded becomes the head
        var captured = bad is null ? await workspace.CaptureAsync(null, new CaptureContext { Message = "unrecorded changes, found before a bisection" }, cancellationToken).ConfigureAwait(false) : null;
        var to = bad is null ? workspace.Head!.Value : ResolvedRevision.Find(workspace, bad, invocation.Terminal).Number;
        using var view = new BisectView(invocation.Terminal);
        var result = await workspace.BisectAsync(from, to, command, options with { Progress = view }, cancellationToken).ConfigureAwait(false);
        view.Dispose();
        return BisectAnswer.Give(invocation, workspace, result, captured?.Snapshot?.Number);
    }

    /// <summary>A single text is the shell's; several are a program and its arguments.</summary>
    private static string Line(string[] texts) => texts switch
    {
        [] => throw new UsageException("The command to run is missing.", "Write it behind '--': savepoint bisect --good REV -- make test"),
        [var line] => line.Trim().Length > 0 ? line : throw new UsageException("The command to run is empty."),
        _ => CommandText.Of(RawArguments.Last(texts)),
    };
}
