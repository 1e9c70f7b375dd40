using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>milestone</c>: names a state and archives it, with the history up to it, in a file of its own.</summary>
internal sealed class MilestoneVerb() : Verb("milestone", "Name a state and archive it, with the history up to it, in a file of its own.")
{
    private readonly Argument<string> _name = new("NAME") { Description = "The name: no '@' or ':', not all digits, no leading '-'." };
    private readonly Argument<string?> _revision = new("REV") { Arity = ArgumentArity.ZeroOrOne, Description = "The state; if it is left out, the whole workspace is recorded first, and that is it." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint milestone v1.0                     # the workspace as it is now",
        "savepoint milestone before-the-storm @{1d}   # as it was a day ago",
    ];

    public override string Details => "The archive holds the state and what led to it since the milestone before, and can be read if the rest of the store is lost. It is on the disk when this ends.";

    public override void Declare(Command command)
    {
        command.Add(_name);
        command.Add(_revision);
    }

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var name = invocation.Get(_name)!;
        var revision = invocation.Get(_revision) is { } text ? RevisionArgument.Parse(text) : null;
        if (Label.NameProblem(name) is { } problem)
        {
            throw new UsageException($"'{name}' is no name for a milestone: {problem}.");
        }

        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (workspace.Labels().FirstOrDefault(label => label.Name == name) is { } taken)
        {
            throw new SavepointException(ErrorCode.InvalidName, $"'{name}' already names snapshot {taken.Snapshot}.", $"Take another name, or 'savepoint unlabel {name}' first.");
        }

        using var progress = Progress.Start(invocation.Terminal, "archiving");
        var captured = revision is null ? await workspace.CaptureAsync(null, CaptureContext.None, cancellationToken).ConfigureAwait(false) : null;
        var number = revision is null ? captured!.Snapshot?.Number ?? workspace.Head!.Value : StateOf(workspace, revision, name);
        var done = await workspace.MilestoneAsync(name, number, cancellationToken).ConfigureAwait(false);
        progress.Dispose();
        Answer(invocation, workspace, captured, done);
        return ExitCode.Done;
    }

    private static SnapshotNumber StateOf(SnapshotManager workspace, Revision revision, string name)
    {
        var number = workspace.Resolve(revision);
        return revision is Revision.Numbered { Number: var asked } && asked != number
            ? throw new SavepointException(ErrorCode.UnknownRevision, $"The state of snapshot {asked} was freed by compaction.", $"The nearest that is there is {number}: 'savepoint milestone {name} {number}'.")
            : number;
    }

    private static void Answer(Invocation invocation, SnapshotManager workspace, CaptureResult? captured, MilestoneResult done)
    {
        var (label, archive) = (done.Label, done.Archive);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WritePosition(workspace, captured?.Snapshot?.Number);
                json.WriteStartObject("label");
                LabelJson.WriteMembers(json, label);
                json.WriteEndObject();
                MilestoneJson.Write(json, "archive", archive, done.WasArchived);
                if (captured is not null)
                {
                    CoverageJson.Write(json, captured.Coverage);
                }

                json.WriteElapsed(done.Elapsed);
                json.WriteEndObject();
            });
            return;
        }

        var recorded = captured?.Snapshot is { } snapshot ? $", with {Quantity.Of(snapshot.Changes.Count, "change")} recorded just now" : "";
        invocation.Terminal.Say($"{invocation.Paint.Label(SafeText.Of(label.Name))} is snapshot {invocation.Paint.Number(label.Snapshot.ToString())}{recorded}.");
        invocation.Terminal.Say(done.WasArchived
            ? $"  archived already, in {SafeText.Of(Path.GetFileName(archive.File))}"
            : $"  archived: {Quantity.Of(archive.Statistics.SnapshotCount, "snapshot")}, {Quantity.Of(archive.Statistics.ContentCount, "content")} of {Quantity.Bytes(archive.Statistics.ContentBytes)} in {Quantity.Bytes(archive.SizeBytes)}");
        foreach (var line in captured is null ? [] : CoverageText.Lines(captured.Coverage))
        {
            invocation.Terminal.Note(line);
        }
    }
}
