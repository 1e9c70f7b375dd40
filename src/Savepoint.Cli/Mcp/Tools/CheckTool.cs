using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>check</c>: runs the project's own build, tests and benchmarks. An agent cannot say what is run, nor can what it writes into the workspace.</summary>
internal sealed class CheckTool() : McpTool("check", "Check", ToolEffect.Writes, // a policy may roll back
    "Build and test the workspace with the project's configured commands; tells errors and (newly) failing tests.", runsCommands: true)
{
    private const int MaxLines = 60;

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("only", ParameterKind.Text, "Run only this. Default: all.") { Choices = ["build", "test", "bench"] },
        new("bisect", ParameterKind.Flag, "If something fails that did not: also find the snapshot that broke it. Takes several checks."),
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var effective = EffectiveSettings.Load(call.Workspace.Root, _ => { });
        var settings = CheckSettings.Of(effective, isAsked: false);
        var all = settings.Commands(CheckCommands.None);
        var commands = call.Arguments.Text("only") switch
        {
            "build" => CheckCommands.None with { Build = all.Build },
            "test" => CheckCommands.None with { Test = all.Test },
            "bench" => CheckCommands.None with { Bench = all.Bench },
            _ => all,
        };
        if (commands.IsEmpty)
        {
            throw new UsageException("No command is set for that, or savepoint.json, which sets it, is not trusted.", "Ask the user to set \"checks\" there and to run 'savepoint config trust'; or run 'savepoint check' in a shell.");
        }

        await call.Workspace.CaptureAsync(null, call.Context, cancellationToken).ConfigureAwait(false);
        var (policies, options) = (effective.Policies(isAsked: false), new CheckOptions { TimeLimit = settings.TimeLimit });
        var result = await call.Workspace.CheckAsync(commands, options, cancellationToken).ConfigureAwait(false);
        result = await call.Workspace.MeasureAgainAsync(result, policies, options, cancellationToken).ConfigureAwait(false);
        var decision = await call.Workspace.DecideAsync(result, policies, call.Context, cancellationToken).ConfigureAwait(false);
        if (call.Arguments.Flag("bisect") == true)
        {
            decision = await call.Workspace.FindFirstBadAsync(result, decision, new BisectOptions { TimeLimit = settings.TimeLimit }, cancellationToken).ConfigureAwait(false);
        }

        var lines = CheckText.Lines(result, new Paint(false)).ToList();
        var cut = lines.Count > MaxLines ? $"\n({lines.Count - MaxLines} more lines; 'savepoint check' in a shell shows all)" : "";
        return new ToolAnswer($"Snapshot {result.Snapshot} was checked.\n{string.Join('\n', lines.Take(MaxLines))}{cut}\nDecision: {decision.Action}. {decision.Reason}{(decision.Analysis is { } analysis ? $"\n{analysis.Text}" : "")}", json =>
        {
            json.WriteSnapshot("snapshot", result.Snapshot);
            json.WriteBoolean("passed", result.IsPassed);
            CheckJson.Write(json, result, MaxLines);
            json.WriteStartObject("decision");
            DecisionJson.WriteMembers(json, decision);
            json.WriteEndObject();
        });
    }
}
