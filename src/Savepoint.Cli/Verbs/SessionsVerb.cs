using Savepoint.Cli.Output;

namespace Savepoint.Cli.Verbs;

/// <summary><c>sessions</c>: the agents' conversations that the history knows.</summary>
internal sealed class SessionsVerb() : Verb("sessions", "List the agents' sessions, the newest first.")
{
    public override IReadOnlyList<string> Examples => ["savepoint sessions", "savepoint log --session s1    # what one of them did"];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var sessions = workspace.Sessions();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                SessionJson.WriteAll(json, sessions);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        foreach (var session in sessions)
        {
            invocation.Terminal.Line(SessionText.Of(session, invocation.Paint));
        }

        if (sessions.Count == 0)
        {
            invocation.Terminal.Say("No snapshot names a session. 'savepoint capture --session ID' records one.");
        }

        return ExitCode.Done;
    }
}
