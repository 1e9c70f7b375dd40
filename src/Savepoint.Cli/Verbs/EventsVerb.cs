using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Events;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>events</c>: what happened to the history, by any process, as JSON Lines.</summary>
internal sealed class EventsVerb() : Verb("events", "List what happened, by any process, as JSON Lines; --follow waits for more.")
{
    private readonly Option<string?> _since = new("--since") { HelpName = "N", Description = "What came after this position, as an event has it, or after this revision; @ for what comes from now on." };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "When all is listed, wait for more, until stopped." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint events",
        "savepoint events --since @ --follow       # what happens from now on",
        "savepoint events --since 42.7 --follow    # goes on where a reader stopped",
    ];

    public override string Details => """
        The oldest first, each once, in the order in which they were committed. Snapshots are events of their own; of the
        others the newest 10,000 are kept. The output is JSON Lines, with --json and without.
        """;

    public override void Declare(Command command)
    {
        command.Add(_since);
        command.Add(_follow);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var follow = invocation.Get(_follow);
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var since = Since(invocation.Get(_since), workspace);
        var known = workspace.NewestEvent;
        await foreach (var happened in workspace.EventsAsync(since, follow, cancellationToken).ConfigureAwait(false))
        {
            invocation.Terminal.Json(json => EventJson.Write(json, happened));
            if (follow && happened.Position >= known)
            {
                invocation.Terminal.Flush(); // what is history already goes out by the buffer
            }
        }

        return ExitCode.Done;
    }

    private static EventPosition Since(string? text, SnapshotManager workspace)
    {
        if (text is null)
        {
            return EventPosition.Start;
        }

        if (text == "@")
        {
            return workspace.NewestEvent;
        }

        if (EventPosition.TryParse(text) is { } position)
        {
            return position;
        }

        // A position, not a state: that of a number whose own state is gone is where it was.
        var revision = RevisionArgument.Parse(text);
        if (ResolvedRevision.FindStart(revision, () => workspace.Resolve(revision)) is not { } number)
        {
            return EventPosition.Start;
        }

        return new EventPosition(revision is Revision.Numbered { Number: var asked } && asked < number ? asked.Value : number.Value, 0);
    }
}
