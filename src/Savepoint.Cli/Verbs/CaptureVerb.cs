using System.CommandLine;
using Savepoint.Cli.Output;

namespace Savepoint.Cli.Verbs;

/// <summary><c>capture</c>: records what differs from the head.</summary>
internal sealed class CaptureVerb() : Verb("capture", "Record what changed since the last snapshot, of these paths or of the whole workspace.")
{
    private readonly Argument<string[]> _paths = new("PATH") { Arity = ArgumentArity.ZeroOrMore, Description = "Files or directories; ignored ones too are recorded if they are named." };
    private readonly ActorOptions _actor = new();

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint capture -m 'before the refactoring'",
        "savepoint capture src/app.cs --agent claude-code --session s1 --turn t7 --tool Edit",
    ];

    public override void Declare(Command command)
    {
        command.Add(_paths);
        _actor.Declare(command);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var progress = Progress.Start(invocation.Terminal, "capturing");
        var result = await workspace.CaptureAsync(invocation.Paths(workspace, invocation.Get(_paths)), _actor.Context(invocation), cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, result.Snapshot?.Number);
                json.WriteSnapshot("parent", result.Snapshot?.Parent);
                ChangeJson.WriteAll(json, result.Snapshot?.Changes ?? [], workspace.Contents);
                CoverageJson.Write(json, result.Coverage);
                json.WriteElapsed(result.Elapsed);
                json.WriteEndObject();
            });
        }
        else
        {
            Show(invocation, workspace, result);
        }

        return ExitCode.Done;
    }

    private static void Show(Invocation invocation, SnapshotManager workspace, CaptureResult result)
    {
        var (terminal, paint) = (invocation.Terminal, invocation.Paint);
        if (result.Snapshot is { } snapshot)
        {
            terminal.Say($"Captured {Quantity.Of(snapshot.Changes.Count, "change")} as snapshot {paint.Number(snapshot.Number.ToString())} on {snapshot.Branch}.");
            foreach (var change in snapshot.Changes)
            {
                terminal.Say($"  {ChangeText.Of(change, paint)}");
            }
        }
        else
        {
            terminal.Say($"Nothing changed since snapshot {workspace.Head}.");
        }

        foreach (var line in CoverageText.Lines(result.Coverage))
        {
            terminal.Note(line);
        }
    }
}
