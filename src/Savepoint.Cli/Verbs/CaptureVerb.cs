using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Model;

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
        var paths = invocation.Paths(workspace, invocation.Get(_paths));
        var result = await workspace.CaptureAsync(paths, _actor.Context(invocation), cancellationToken).ConfigureAwait(false);
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

        NoteUnmatched(invocation, workspace, paths ?? [], result);
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

    /// <summary>A path that was mistyped, or leads through a link, would else look as if nothing had changed there.</summary>
    private static void NoteUnmatched(Invocation invocation, SnapshotManager workspace, WorkspacePath[] paths, CaptureResult result)
    {
        var changes = result.Snapshot?.Changes ?? [];
        foreach (var path in paths.Where(path => !changes.Any(change => change.Path.IsWithin(path) || change.OldPath?.IsWithin(path) == true) && !workspace.IsInTree(path)))
        {
            invocation.Terminal.Note($"nothing is at {SafeText.Of(path)}, nor was when the head was recorded: is it mistyped, or behind a symbolic link?");
        }
    }
}
