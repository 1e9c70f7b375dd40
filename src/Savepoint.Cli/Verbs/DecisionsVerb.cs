using System.CommandLine;
using System.Text.Json;
using Savepoint.Cli.Output;
using Savepoint.Model;
using Savepoint.Policies;

namespace Savepoint.Cli.Verbs;

/// <summary><c>decisions</c>: what the policies decided, and why.</summary>
internal sealed class DecisionsVerb() : Verb("decisions", "List what the policies decided; --explain tells what led to one.")
{
    private const int DefaultCount = 50;

    private readonly Option<long?> _explain = new("--explain") { HelpName = "ID", Description = "One decision: its rule, the numbers and thresholds, the signals, and what comes of them when it is made again." };
    private readonly Option<int?> _count = new("-n") { HelpName = "N", Description = $"No more than this many, the newest first. {DefaultCount} if it is left out." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint decisions",
        "savepoint decisions --explain 7           # which rule, which numbers, which threshold",
    ];

    public override string Details => """
        A decision comes from what checks found ('savepoint check'), from what was recorded (many files at once, a manifest of
        dependencies), or from functions that became more complex. It is made from its recorded signals alone, so it can be made
        again: --explain does, and says whether the same comes of them. 'savepoint config' shows each rule's mode and thresholds.
        """;

    public override void Declare(Command command)
    {
        command.Add(_explain);
        command.Add(_count);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var count = invocation.Get(_count) ?? DefaultCount;
        if (count < 1)
        {
            throw new UsageException("-n takes a number of 1 or more.");
        }

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (invocation.Get(_explain) is { } id)
        {
            var decision = workspace.FindDecision(id)
                ?? throw new SavepointException(ErrorCode.UnknownRevision, $"There is no decision {id}, or it is kept no longer.", "'savepoint decisions' lists them.");
            Explain(invocation, decision);
            return ExitCode.Done;
        }

        List(invocation, workspace.Decisions(count));
        return ExitCode.Done;
    }

    private static void List(Invocation invocation, IReadOnlyList<Decision> decisions)
    {
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("decisions");
                foreach (var decision in decisions)
                {
                    json.WriteStartObject();
                    DecisionJson.WriteMembers(json, decision);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        foreach (var decision in decisions)
        {
            DecisionLines.WriteLine(invocation.Terminal, invocation.Paint, decision);
        }

        if (decisions.Count == 0)
        {
            invocation.Terminal.Say("Nothing was decided yet. 'savepoint check' runs checks and decides.");
        }
    }

    private static void Explain(Invocation invocation, Decision decision)
    {
        var again = SnapshotDecisionEngine.Replay(decision);
        var isSame = again is not null && again.Rule == decision.Rule && again.Action == decision.Action && again.Target == decision.Target && again.Mode == decision.Mode;
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json => WriteExplained(json, decision, isSame));
            return;
        }

        DecisionLines.WriteExplained(invocation.Terminal, invocation.Paint, decision);
        invocation.Terminal.Line(isSame ? "Made again from these signals, it comes out the same." : "Made again from these signals, it comes out otherwise: another version made it.");
    }

    private static void WriteExplained(Utf8JsonWriter json, Decision decision, bool isSame)
    {
        json.WriteStartObject();
        DecisionJson.WriteMembers(json, decision);
        json.WritePropertyName("signals");
        json.WriteRawValue(decision.Signals.Length == 0 ? "null" : decision.Signals);
        json.WriteBoolean("replayed", isSame);
        json.WriteEndObject();
    }
}
