using System.CommandLine;
using System.Globalization;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>experiments</c>: what was tried, and what each approach measured.</summary>
internal sealed class ExperimentsVerb() : Verb("experiments", "List what was tried, the newest first, or show one experiment.")
{
    private readonly Argument<string[]> _words = new("ACTION") { Arity = ArgumentArity.ZeroOrMore, Description = "Nothing to list; 'show ID' for one." };
    private readonly Option<int?> _count = new("--max-count", "-n") { HelpName = "N", Description = "At most so many." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint experiments",
        "savepoint experiments show 3          # its ranking, and what failing commands wrote",
        "savepoint diff try-3/a try-3/b        # how two of its approaches differ",
    ];

    public override void Declare(Command command)
    {
        command.Add(_words);
        command.Add(_count);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var words = invocation.Get(_words) ?? [];
        if (invocation.Get(_count) is < 0)
        {
            throw new UsageException("-n takes a number of experiments, 0 or more.");
        }

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var manager = new ExperimentManager(workspace);
        switch (words)
        {
            case []:
                List(invocation, manager.Experiments(invocation.Get(_count) ?? int.MaxValue));
                return ExitCode.Done;
            case ["show", var text]:
                Show(invocation, Find(manager, text));
                return ExitCode.Done;
            default:
                throw new UsageException($"There is no 'experiments {string.Join(' ', words)}'.", "'experiments' lists, 'experiments show ID' shows one.");
        }
    }

    private static Experiment Find(ExperimentManager manager, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && manager.Find(id) is { } experiment
            ? experiment
            : throw new SavepointException(ErrorCode.UnknownRevision, $"There is no experiment {text}.", "'savepoint experiments' lists them.");

    private static void List(Invocation invocation, IReadOnlyList<Experiment> experiments)
    {
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("experiments");
                foreach (var experiment in experiments)
                {
                    json.WriteStartObject();
                    ExperimentJson.WriteMembers(json, experiment);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        foreach (var experiment in experiments)
        {
            invocation.Terminal.Line(ExperimentText.Title(experiment, invocation.Paint));
        }

        if (experiments.Count == 0)
        {
            invocation.Terminal.Say("Nothing was tried yet. 'savepoint try --help' has examples.");
        }
    }

    private static void Show(Invocation invocation, Experiment experiment)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                ExperimentJson.WriteMembers(json, experiment);
                json.WriteEndObject();
            });
            return;
        }

        terminal.Line(ExperimentText.Title(experiment, paint));
        foreach (var line in ExperimentText.Ranking(experiment, paint))
        {
            terminal.Line(line);
        }

        foreach (var approach in experiment.Approaches)
        {
            terminal.Line();
            terminal.Line($"{paint.Bold(SafeText.Of(approach.Name))}: {SafeText.Of(approach.Command ?? "code of the caller")}");
            terminal.Line(paint.Dim($"  branch {SafeText.Of(approach.Branch ?? "-")}, snapshot {approach.Snapshot}, exit code {approach.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-"}, {Quantity.Duration(approach.Duration)}"));
            foreach (var line in approach.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                terminal.Line($"  | {SafeText.Of(line)}");
            }
        }
    }
}
