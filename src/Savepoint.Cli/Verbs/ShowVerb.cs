using System.CommandLine;
using System.Text.Json;
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
        "savepoint show turn:t7       # everything the agent did in that turn",
        "savepoint show session:s1    # and in the whole session, without what others did meanwhile",
    ];

    public override void Declare(Command command) => command.Add(_revision);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var revision = RevisionArgument.Parse(invocation.Get(_revision) ?? "@");
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (ActorWork.Find(workspace, revision, PatchText.Options(invocation.Terminal)) is { } work)
        {
            ShowWork(invocation, workspace, work);
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
        var metadata = workspace.Describe(snapshot);
        var milestone = MilestoneOf(invocation, workspace, snapshot);
        var patch = Patch.Create(snapshot.Changes, workspace.Contents, PatchText.Options(invocation.Terminal));
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                resolved.Write(json);
                SnapshotJson.WriteMembers(json, snapshot, labels, isUndone, workspace.Contents);
                LayerJson.WriteMembers(json, metadata);
                MilestoneJson.WriteWhole(json, milestone);
                WriteForgotten(json, workspace.Forgotten(snapshot.Number));
                PatchJson.Write(json, patch, snapshot.Changes);
                json.WriteEndObject();
            });
            return;
        }

        SnapshotDetails.Write(invocation, snapshot, metadata, milestone, labels, isUndone, workspace.Forgotten(snapshot.Number));
        PatchText.Write(invocation.Terminal, patch);
    }

    /// <summary>The archive of this snapshot's state; null if there is none, or it cannot be read, which is said.</summary>
    private static MilestoneSnapshot? MilestoneOf(Invocation invocation, SnapshotManager workspace, Snapshot snapshot)
    {
        try
        {
            return workspace.FindMilestone(snapshot.Number);
        }
        catch (SavepointException e)
        {
            invocation.Terminal.Note($"its milestone's archive cannot be read: {e.Message}");
            return null;
        }
    }

    private static void WriteForgotten(Utf8JsonWriter json, IReadOnlyList<WorkspacePath> paths)
    {
        json.WriteStartArray("forgotten");
        foreach (var path in paths)
        {
            json.WriteStartObject();
            json.WritePath("path", path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void ShowWork(Invocation invocation, SnapshotManager workspace, SessionSnapshot work)
    {
        var undone = IsUndone(workspace, work.Operations);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteSnapshot("from", work.Before);
                json.WriteSnapshot("to", work.Newest.Number);
                json.WriteStartObject("statistics");
                SessionJson.WriteStatistics(json, work.Statistics);
                json.WriteEndObject();
                json.WriteStartArray("branches");
                foreach (var branch in work.Branches)
                {
                    json.WriteStringValue(branch);
                }

                json.WriteEndArray();
                json.WriteStartArray("snapshots");
                foreach (var snapshot in work.Operations)
                {
                    json.WriteStartObject();
                    SnapshotJson.WriteMembers(json, snapshot, LabelsOf(workspace, snapshot), undone.Contains(snapshot.Number), workspace.Contents);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                SessionJson.WriteInterleaved(json, work.Interleaved);
                ChangeJson.WriteAll(json, work.Changes, workspace.Contents);
                PatchJson.Write(json, work.CombinedDiff, work.Changes);
                json.WriteEndObject();
            });
            return;
        }

        foreach (var snapshot in work.Operations)
        {
            invocation.Terminal.Line(SnapshotText.Title(snapshot, LabelsOf(workspace, snapshot), undone.Contains(snapshot.Number), invocation.Paint).TrimStart());
        }

        invocation.Terminal.Line(SessionText.Of(work.Statistics));
        invocation.Terminal.Line();
        PatchText.Write(invocation.Terminal, work.CombinedDiff);
        ActorWork.NoteInterleaved(invocation.Terminal, work.Interleaved);
    }

    /// <summary>Which of the snapshots, the oldest first, undos have left behind.</summary>
    private static HashSet<SnapshotNumber> IsUndone(SnapshotManager workspace, IReadOnlyList<Snapshot> snapshots)
    {
        var chain = new LiveChain(workspace);
        return [.. snapshots.Reverse().Where(chain.IsUndone).Select(snapshot => snapshot.Number)];
    }

    private static IEnumerable<Label> LabelsOf(SnapshotManager workspace, Snapshot snapshot) =>
        workspace.Labels().Where(label => label.Snapshot == snapshot.Number);
}
