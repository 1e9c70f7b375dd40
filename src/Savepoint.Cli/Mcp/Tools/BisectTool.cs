using System.Text;
using Savepoint.Cli.Output;
using Savepoint.Cli.Verbs;
using Savepoint.Diffs;

namespace Savepoint.Cli.Mcp.Tools;

/// <summary><c>bisect</c>: which snapshot broke it.</summary>
internal sealed class BisectTool() : McpTool("bisect", "Find what broke it", ToolEffect.Records, // it runs a command: clients should ask first
    "Find the change that broke something: runs a command at recorded states, in a copy. Exit code 0 good, 125 cannot be told, else bad.", runsCommands: true)
{
    private const int MaxOutputLines = 15;

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("good", ParameterKind.Text, "A revision at which it works.") { IsRequired = true },
        new("bad", ParameterKind.Text, "Default: the newest."),
        new("command", ParameterKind.Text) { IsRequired = true },
    ];

    public override bool IsLong => true;

    public override async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var workspace = call.Workspace;
        var (good, bad) = (workspace.Resolve(call.Revision("good", "@")), workspace.Resolve(call.Revision("bad", "@")));
        var result = await workspace.BisectAsync(good, bad, call.Arguments.Text("command")!, null, cancellationToken).ConfigureAwait(false);
        var patch = BisectAnswer.PatchOf(workspace, result, PatchOptions.Default with { MaxExactBytes = PatchOptions.MaxTextBytes });
        var isFound = result.Ending is BisectEnding.Found or BisectEnding.Narrowed;
        return new ToolAnswer(Text(result), json =>
        {
            if (!isFound)
            {
                json.WriteString("error", JsonNames.Of(result.Ending));
            }

            BisectAnswer.WriteMembers(json, workspace, result, patch);
        })
        { IsError = !isFound };
    }

    private static string Text(BisectResult result)
    {
        if (result.Ending != BisectEnding.Found)
        {
            var (message, hint) = BisectAnswer.Problem(result);
            return $"{message} {hint}";
        }

        var text = new StringBuilder($"Broken by snapshot {result.Bad}; {BisectAnswer.Before(result)} ({Quantity.Of(result.Runs.Count, "run")}{(result.IsFlaky ? ", the command is flaky" : "")}). show {result.Bad} has its diff, revert takes it back.");
        text.Append('\n').Append(SnapshotText.Title(result.Culprit, [], isUndone: false, default).TrimStart()).Append("  ").Append(ChangeText.Summary(result.Culprit.Changes, default));
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(MaxOutputLines))
        {
            text.Append($"\n  {SafeText.Of(line)}");
        }

        return text.ToString();
    }
}
