using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary>How <c>check</c> answers.</summary>
internal static class CheckAnswer
{
    public static void Give(Invocation invocation, SnapshotManager workspace, CheckResult result, Decision decision)
    {
        var terminal = invocation.Terminal;
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, result.Snapshot);
                CheckJson.Write(json, result);
                json.WriteStartObject("decision");
                DecisionJson.WriteMembers(json, decision);
                json.WriteEndObject();
                json.WriteSnapshot("drift", result.Drift);
                json.WriteSnapshot("written", result.Written);
                json.WriteNumber("verification", result.Verification.Id);
                json.WriteEndObject();
            });
            return;
        }

        foreach (var line in CheckText.Lines(result, invocation.Paint))
        {
            terminal.Line(line);
        }

        DecisionLines.WriteDecided(terminal, invocation.Paint, decision);
        terminal.Say($"Recorded with snapshot {result.Snapshot}.{(result.Written is { } written ? $" What the commands wrote is snapshot {written}." : "")}");
    }
}
