using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>checkpoint</c>: records everything, and gives the state a name.</summary>
internal sealed class CheckpointVerb() : Verb("checkpoint", "Record the whole workspace and name that state.")
{
    private readonly Argument<string> _name = new("NAME") { Description = "The name: no '@' or ':', not all digits, no leading '-'." };
    private readonly Option<string?> _retention = new("--retention") { HelpName = "R", Description = $"How long it is kept: {RetentionArgument.Choices}. Permanent if it is left out." };
    private readonly Option<string?> _session = new("--session") { HelpName = "S", Description = "The session it belongs to." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint checkpoint before-refactoring",
        "savepoint rollback before-refactoring       # back to it, whatever happened",
    ];

    public override void Declare(Command command)
    {
        command.Add(_name);
        command.Add(_retention);
        command.Add(_session);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var name = invocation.Get(_name)!;
        var retention = RetentionArgument.Parse(invocation.Get(_retention) ?? "permanent");
        if (Label.NameProblem(name) is { } problem)
        {
            throw new UsageException($"'{name}' is no name for a checkpoint: {problem}.");
        }

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        RefuseTaken(workspace, name, $"Take another name, or 'savepoint unlabel {name}' first.");
        using var progress = Progress.Start(invocation.Terminal, "capturing");
        var context = new CaptureContext { Actor = new Actor(Session: invocation.Text(_session)) };
        var captured = await workspace.CaptureAsync(null, context, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        var label = workspace.AddLabel(name, captured.Snapshot?.Number ?? workspace.Head!.Value, retention, invocation.Text(_session));
        Answer(invocation, workspace, captured, label);
        return ExitCode.Done;
    }

    /// <summary>A name that is taken is refused before anything is recorded for it.</summary>
    internal static void RefuseTaken(SnapshotManager workspace, string name, string hint)
    {
        if (workspace.Labels().FirstOrDefault(label => label.Name == name) is { } taken)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' already names snapshot {taken.Snapshot}.", hint);
        }
    }

    private static void Answer(Invocation invocation, SnapshotManager workspace, CaptureResult captured, Label label)
    {
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, captured.Snapshot?.Number);
                json.WriteStartObject("label");
                LabelJson.WriteMembers(json, label);
                json.WriteEndObject();
                CoverageJson.Write(json, captured.Coverage);
                json.WriteElapsed(captured.Elapsed);
                json.WriteEndObject();
            });
            return;
        }

        var recorded = captured.Snapshot is { } snapshot ? $", with {Quantity.Of(snapshot.Changes.Count, "change")} recorded just now" : "";
        invocation.Terminal.Say($"{invocation.Paint.Label(SafeText.Of(label.Name))} is snapshot {invocation.Paint.Number(label.Snapshot.ToString())}{recorded}.");
        foreach (var line in CoverageText.Lines(captured.Coverage))
        {
            invocation.Terminal.Note(line);
        }
    }
}
