using System.CommandLine;
using Savepoint.Cli.Arguments;
using Savepoint.Cli.Output;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>show</c>: what one snapshot did, or one turn or session.</summary>
internal sealed class ShowVerb() : Verb("show", "Show what a snapshot did, or an agent's turn or session.")
{
    private readonly Argument<string?> _revision = new("REV") { Arity = ArgumentArity.ZeroOrOne, Description = "A snapshot, the head if it is left out; turn:ID or session:ID for all that it did." };

    public override IReadOnlyList<string> Examples =>
    [
        "savepoint show 42",
        "savepoint show turn:t7    # everything the agent did in that turn",
    ];

    public override void Declare(Command command) => command.Add(_revision);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var revision = RevisionArgument.Parse(invocation.Get(_revision) ?? "@");
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (await ActorRange.FindAsync(workspace, revision, cancellationToken).ConfigureAwait(false) is { } range)
        {
            await ShowRangeAsync(invocation, workspace, range, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            ShowSnapshot(invocation, workspace, ResolvedRevision.Find(workspace, revision, invocation.Terminal));
        }

        return ExitCode.Done;
    }

    private static void ShowSnapshot(Invocation invocation, SnapshotManager workspace, ResolvedRevision resolved)
    {
        var snapshot = workspace.GetSnapshot(resolved.Number);
        var isUndone = new LiveChain(workspace).IsUndone(snapshot);
        var labels = LabelsOf(workspace, snapshot);
        var patch = Patch.Create(snapshot.Changes, workspace.Contents, PatchText.Options(invocation.Terminal));
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                resolved.Write(json);
                SnapshotJson.WriteMembers(json, snapshot, labels, isUndone, workspace.Contents);
                PatchJson.Write(json, patch, snapshot.Changes);
                json.WriteEndObject();
            });
            return;
        }

        SnapshotDetails.Write(invocation, snapshot, labels, isUndone);
        PatchText.Write(invocation.Terminal, patch);
    }

    private static async Task ShowRangeAsync(Invocation invocation, SnapshotManager workspace, ActorRange range, CancellationToken cancellationToken)
    {
        var (changes, patch) = await workspace.DiffAsync(range.Before, range.Last, range.Touched(), PatchText.Options(invocation.Terminal), cancellationToken).ConfigureAwait(false);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteSnapshot("from", range.Before);
                json.WriteSnapshot("to", range.Last);
                json.WriteStartArray("snapshots");
                foreach (var snapshot in range.Snapshots)
                {
                    json.WriteStartObject();
                    SnapshotJson.WriteMembers(json, snapshot, LabelsOf(workspace, snapshot), new LiveChain(workspace).IsUndone(snapshot), workspace.Contents);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                ChangeJson.WriteAll(json, changes, workspace.Contents);
                PatchJson.Write(json, patch, changes);
                json.WriteEndObject();
            });
            return;
        }

        foreach (var snapshot in range.Snapshots)
        {
            invocation.Terminal.Line(SnapshotText.Title(snapshot, LabelsOf(workspace, snapshot), new LiveChain(workspace).IsUndone(snapshot), invocation.Paint).TrimStart());
        }

        invocation.Terminal.Line();
        PatchText.Write(invocation.Terminal, patch);
    }

    private static IEnumerable<Label> LabelsOf(SnapshotManager workspace, Snapshot snapshot) =>
        workspace.Labels().Where(label => label.Snapshot == snapshot.Number);
}
