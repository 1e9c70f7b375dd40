using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>try</c>: several approaches, each in a copy of its own, measured alike and ranked.</summary>
internal sealed class TryVerb() : Verb("try", "Try several approaches side by side, each in its own copy; measure, rank, merge the best.")
{
    private readonly Option<string[]> _approaches = new("--approach") { HelpName = "NAME=CMD", Description = "An approach: a line for /bin/sh that changes the files. Give it for each." };
    private readonly Option<string?> _build = new("--build") { HelpName = "CMD", Description = "Builds it. What does not build is out." };
    private readonly Option<string?> _test = new("--test") { HelpName = "CMD", Description = "Runs its tests. What fails one that does not fail without it is out." };
    private readonly Option<string?> _bench = new("--bench") { HelpName = "CMD", Description = "Measures it: by the figures that it prints (name value unit, and the reports of benchmark tools), else by the time it takes." };
    private readonly Option<string[]> _metrics = new("--metric") { HelpName = "NAME=CMD[:min|:max]", Description = "Something else to measure: the number that CMD prints; less is better unless it ends with ':max'." };
    private readonly Option<string[]> _weights = new("--weight") { HelpName = "NAME=W", Description = "How much a metric counts, 0 for not at all; 1 if it is left out. changedLines and complexity (of the functions that were changed) are two more, with 0." };
    private readonly Option<int> _jobs = new("--jobs") { HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount, Description = "So many at once are carried out, built and tested. Measured is one at a time." };
    private readonly Option<string?> _isolation = new("--isolation") { HelpName = "I", Description = "overlay (made at once), copy (a directory), or auto, an overlay where the system has them." };
    private readonly Option<string?> _timeout = new("--timeout") { HelpName = "D", Description = "How long each command may run: 90s, 10m, none (default: 30m)." };
    private readonly Option<string?> _budget = new("--budget") { HelpName = "D", Description = "How long all measuring may take, beyond one round: 20s, 5m (default: 1m)." };
    private readonly Option<bool> _mergeBest = new("--merge-best") { Description = "Merge the best into the workspace, three-way, with whatever was done here meanwhile." };
    private readonly Option<bool> _keep = new("--keep") { Description = "Keep the working copies, as directories of branches." };
    private readonly ActorOptions _actor = new();

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint try --approach 'hash=agent \"use a hash table\"' --approach 'tree=agent \"use a tree\"' --build make --test 'make test' --bench ./bench",
        "savepoint try --approach 'sed=sed -i s/old/new/g src/*.c' --test 'make test' --merge-best   # only if the tests pass",
        "savepoint try --approach 'a=./a.sh' --approach 'b=./b.sh' --metric 'size=wc -c < out.bin' --metric 'score=./score:max'",
    ];

    public override string Details => """
        Each approach begins with the workspace as it is, ignored files included, and runs in its own copy at the workspace's own path (overlay) or
        in a directory (copy); the workspace is not touched. SAVEPOINT_APPROACH has its name. What it changed is recorded as a branch, try-ID/NAME, with one
        snapshot; what a build or the tests write is not, and nothing that is ignored. The copies go when it is over, the branches stay until
        'savepoint gc': 'savepoint experiments show ID', 'savepoint diff try-ID/A try-ID/B', 'savepoint merge try-ID/A'.

        Gates first: the command ended with 0, it builds, its tests pass or fail only where they fail without it. Those that pass are measured in rounds,
        each once a round, until the noise is below 2 % or the budget is spent, and ranked by their medians. What differs by no more than the noise is
        a tie, and said to be one. Without anything to measure the smaller change is better.

        Ends with 0 if an approach passed all gates, 1 if none did, 3 if merging the best conflicts: nothing is written then.
        """;

    public override void Declare(Command command)
    {
        command.Add(_approaches);
        command.Add(_build);
        command.Add(_test);
        command.Add(_bench);
        command.Add(_metrics);
        command.Add(_weights);
        command.Add(_jobs);
        command.Add(_isolation);
        command.Add(_timeout);
        command.Add(_budget);
        command.Add(_mergeBest);
        command.Add(_keep);
        _actor.Declare(command);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var approaches = ExperimentArgument.Approaches(invocation.Get(_approaches) ?? []);
        var evaluation = Evaluation(invocation);
        var options = Options(invocation);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        ExperimentResult result;
        using (var view = new ExperimentView(invocation.Terminal, approaches))
        {
            result = await new ExperimentManager(workspace).TryApproachesAsync(approaches, evaluation, options with { Progress = view }, cancellationToken).ConfigureAwait(false);
        }

        return ExperimentAnswer.Give(invocation, workspace, result);
    }

    private Evaluation Evaluation(Invocation invocation) => new()
    {
        Commands = new CheckCommands(Given(invocation, _build), Given(invocation, _test), Given(invocation, _bench)),
        Metrics = ExperimentArgument.Metrics(invocation.Get(_metrics) ?? []),
        Weights = ExperimentArgument.Weights(invocation.Get(_weights) ?? []),
        Budget = Duration(invocation, _budget) ?? Savepoint.Evaluation.None.Budget,
    };

    private ExperimentOptions Options(Invocation invocation)
    {
        var jobs = invocation.Get(_jobs);
        return jobs < 1
            ? throw new UsageException($"{jobs} is no number of jobs: 1 or more is expected.")
            : new ExperimentOptions
            {
                JobCount = jobs,
                Isolation = ExperimentArgument.Isolation(invocation.Get(_isolation)),
                TimeLimit = Duration(invocation, _timeout) ?? ExperimentOptions.Default.TimeLimit,
                MergesBest = invocation.Get(_mergeBest),
                KeepsCopies = invocation.Get(_keep),
                Context = _actor.Context(invocation),
            };
    }

    private static TimeSpan? Duration(Invocation invocation, Option<string?> option) =>
        invocation.Get(option) is { } text ? DurationSetting.TryParse(text) ?? throw new UsageException($"'{text}' is no duration: 90s, 10m or none are.") : null;

    private static string? Given(Invocation invocation, Option<string?> option) =>
        invocation.Get(option) is { } text ? text.Trim().Length > 0 ? text : throw new UsageException($"{option.Name} needs a command.") : null;
}
