using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>sessions</c>: the agents' conversations that the history knows, and what each did.</summary>
internal sealed class SessionsVerb() : Verb("sessions", "List the agents' sessions and what each did, the newest first.")
{
    private readonly Option<int?> _count = new("--max-count", "-n") { HelpName = "N", Description = "At most so many." };

    public override IReadOnlyList<string> Examples => ["savepoint sessions", "savepoint show session:s1    # what one of them did"];

    public override void Declare(Command command) => command.Add(_count);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Get(_count) is < 0)
        {
            throw new UsageException("-n takes a number of sessions, 0 or more.");
        }

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var sessions = workspace.Sessions().Take(invocation.Get(_count) ?? int.MaxValue).Select(session => (Session: session, Statistics: Statistics(workspace, session, cancellationToken)));
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("sessions");
                foreach (var (session, statistics) in sessions)
                {
                    json.WriteStartObject();
                    SessionJson.WriteMembers(json, session);
                    SessionJson.WriteStatistics(json, statistics);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        var isEmpty = true;
        foreach (var (session, statistics) in sessions)
        {
            invocation.Terminal.Line(SessionText.Of(session, statistics, invocation.Paint));
            isEmpty = false;
        }

        if (isEmpty)
        {
            invocation.Terminal.Say("No snapshot names a session. 'savepoint capture --session ID' records one.");
        }

        return ExitCode.Done;
    }

    // Only lines are counted: what is too large to compare by lines need not be read.
    private static SessionStatistics Statistics(SnapshotManager workspace, SessionSummary session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return workspace.FindSession(session.Session, PatchOptions.Default with { HasBlobIds = false, MaxExactBytes = PatchOptions.MaxTextBytes })!.Statistics;
    }
}
