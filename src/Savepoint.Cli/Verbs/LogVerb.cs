using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>log</c>: the history, newest first, as it is read.</summary>
internal sealed class LogVerb() : Verb("log", "List the snapshots, newest first.")
{
    private readonly Option<int?> _count = new("--max-count", "-n") { HelpName = "N", Description = "At most so many." };
    private readonly Option<string?> _path = new("--path") { HelpName = "P", Description = "Those that changed this path, or something below it." };
    private readonly Option<string?> _session = new("--session") { HelpName = "S", Description = "Those of this session." };
    private readonly Option<string?> _agent = new("--agent") { HelpName = "A", Description = "Those of this agent." };
    private readonly Option<string?> _branch = new("--branch") { HelpName = "B", Description = "Those of this branch, and of what it forked from." };
    private readonly Option<bool> _all = new("--all") { Description = "Those of all branches." };
    private readonly Option<string?> _since = new("--since") { HelpName = "REV", Description = "Those after this revision." };
    private readonly Option<bool> _graph = new("--graph") { Description = "Draw where undos, redos, rollbacks and merges lead, and with --all where branches begin." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint log -n 10",
        "savepoint log --path src/app.cs --graph",
        "savepoint log --session s1 --json      # a JSON object in each line",
    ];

    public override string Details => "@ marks the head, × what was undone. What an agent did stands below a line that names its turn and session, as 'rollback', 'show' and 'diff' take them.";

    public override void Declare(Command command)
    {
        command.Add(_count);
        command.Add(_path);
        command.Add(_session);
        command.Add(_agent);
        command.Add(_branch);
        command.Add(_all);
        command.Add(_since);
        command.Add(_graph);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var left = invocation.Get(_count) ?? int.MaxValue;
        if (left < 0)
        {
            throw new UsageException($"{left} is no number of snapshots: 0 or more is expected.");
        }

        var since = invocation.Get(_since) is { } text ? RevisionArgument.Parse(text) : null;
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var filter = Filter(invocation, workspace, since);
        var labels = workspace.Labels().ToLookup(label => label.Snapshot);
        var live = new LiveChain(workspace);
        var graph = invocation.Get(_graph) ? new Graph(filter.Branch ?? workspace.Branch) : null;
        var headings = new TurnHeadings(workspace, invocation.Paint);
        if (left == 0)
        {
            return ExitCode.Done;
        }

        await foreach (var snapshot in workspace.HistoryAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            var isUndone = live.IsUndone(snapshot);
            if (invocation.Terminal.IsJson)
            {
                invocation.Terminal.Json(json =>
                {
                    json.WriteStartObject();
                    SnapshotJson.WriteMembers(json, snapshot, labels[snapshot.Number], isUndone, workspace.Contents);
                    json.WriteEndObject();
                });
            }
            else
            {
                if (headings.Above(snapshot) is { } heading)
                {
                    invocation.Terminal.Line($"{(graph is null ? "" : $"{graph.Continuation()} ")}{heading}");
                }

                Show(invocation, workspace, snapshot, labels[snapshot.Number], isUndone, graph);
            }

            if (--left == 0)
            {
                break;
            }
        }

        return ExitCode.Done;
    }

    private HistoryFilter Filter(Invocation invocation, SnapshotManager workspace, Revision? since)
    {
        var branch = invocation.Get(_branch);
        if (branch is not null)
        {
            _ = workspace.Resolve(new Revision.Named(branch)); // an unknown one is an error, not an empty history
        }

        return new HistoryFilter
        {
            Branch = branch,
            AllBranches = invocation.Get(_all),
            Path = invocation.Get(_path) is { } path ? invocation.PathOf(workspace, path) : null,
            Session = invocation.Get(_session),
            Agent = invocation.Get(_agent),
            Since = since is null ? null : ResolvedRevision.FindStart(since, () => ResolvedRevision.Find(workspace, since, invocation.Terminal).Number),
        };
    }

    private static void Show(Invocation invocation, SnapshotManager workspace, Snapshot snapshot, IEnumerable<Label> labels, bool isUndone, Graph? graph)
    {
        var isHead = snapshot.Number == workspace.Head;
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        var marker = isHead ? "@" : isUndone ? "×" : "○";
        var row = graph?.Row(snapshot, marker, snapshot.Parent is { } parent ? workspace.GetSnapshot(parent).Branch : null) ?? marker;
        terminal.Line($"{(isHead ? paint.Head(row) : row)} {SnapshotText.TitleBelowHeading(snapshot, labels, isUndone, paint)}");
        var summary = snapshot.Kind == SnapshotKind.Baseline ? Quantity.Of(snapshot.Changes.Count, "entry") : ChangeText.Summary(snapshot.Changes, paint);
        terminal.Line($"{graph?.Continuation() ?? " "}       {summary}");
    }
}
