using Savepoint.Cli.Demonstration;

namespace Savepoint.Cli.Verbs;

/// <summary><c>demo</c>: the main job on a scratch workspace, explained and checked.</summary>
internal sealed class DemoVerb() : Verb("demo", "Show the main job on a scratch project, explained step by step and checked.")
{
    public override IReadOnlyList<string> Examples => ["savepoint demo"];

    public override string Details => "It works in a temporary folder with a store of its own, and leaves nothing behind. The exit code is 1 if a check fails.";

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var terminal = invocation.Terminal;
        var demo = new Demo(terminal);
        using (var project = new ScratchProject())
        {
            await demo.RunAsync(project, cancellationToken).ConfigureAwait(false);
        }

        var failed = demo.Checks.Count(check => !check.Holds);
        if (terminal.IsJson)
        {
            terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("ok", failed == 0);
                json.WriteStartArray("checks");
                foreach (var (claim, holds) in demo.Checks)
                {
                    json.WriteStartObject();
                    json.WriteString("claim", claim);
                    json.WriteBoolean("holds", holds);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
        else
        {
            terminal.Say("");
            terminal.Say($"{demo.Checks.Count - failed} of {demo.Checks.Count} checks hold. Nothing was left behind.");
        }

        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
