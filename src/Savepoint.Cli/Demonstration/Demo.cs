using System.Diagnostics;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>
/// The main job from end to end, on a copy of a real tree: track, edit, look, step back and forth, survive a wreck. Each
/// step is checked against manifests that are made without Savepoint.
/// </summary>
/// <param name="narrator">Who tells it.</param>
/// <param name="scratch">Where it happens.</param>
/// <param name="options">How to track; the histories are in the scratch folder too.</param>
internal sealed class Demo(Narrator narrator, Scratch scratch, SnapshotOptions options)
{
    private readonly Folder _folder = new(scratch.At("copy"));

    /// <param name="copy">What the scratch folder's copy holds, by its manifest.</param>
    /// <param name="cancellationToken">Stops it between two steps, and in the long ones.</param>
    public async Task RunAsync(Manifest copy, CancellationToken cancellationToken)
    {
        var workspace = await TrackAsync(copy, cancellationToken).ConfigureAwait(false);
        await using (workspace)
        {
            var baseline = workspace.Head!.Value;
            var texts = TextFile.In(_folder, copy);
            await EditAsync(workspace, copy, texts, cancellationToken).ConfigureAwait(false);
            var changed = await ChangeManyAsync(workspace, texts, cancellationToken).ConfigureAwait(false);
            await StepBackAndForthAsync(workspace, copy, changed, cancellationToken).ConfigureAwait(false);
            await WreckAsync(workspace, changed, cancellationToken).ConfigureAwait(false);
            await CleanUpAsync(workspace, baseline, copy, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SnapshotManager> TrackAsync(Manifest copy, CancellationToken cancellationToken)
    {
        narrator.Step("cd copy; savepoint init", "What follows happens in the copy, which gets a history of its own.");
        var (workspace, baseline) = await SnapshotManager.InitAsync(_folder.Root, options, cancellationToken: cancellationToken).ConfigureAwait(false);
        var elapsed = baseline.Elapsed;

        // What git tracks although a rule ignores it is in the copy, but git's list of it is not: such paths are named.
        var ignored = copy.Entries.Keys.Except(workspace.TreeAt(workspace.Head!.Value).Keys).ToList();
        if (ignored.Count > 0)
        {
            elapsed += (await workspace.CaptureAsync(ignored, cancellationToken: cancellationToken).ConfigureAwait(false)).Elapsed;
        }

        narrator.Result($"{Quantity.Of(copy.Entries.Count, "entry")}, {Quantity.Bytes(copy.TotalBytes)}{(ignored.Count > 0 ? $", {ignored.Count:N0} of them ignored and named one by one" : "")}", elapsed);
        narrator.Check($"snapshot {workspace.Head} gives every entry and byte of the copy", Manifest.OfHistory(workspace, workspace.Head.Value).IsSameAs(copy));
        return workspace;
    }

    private async Task EditAsync(SnapshotManager workspace, Manifest before, List<TextFile> texts, CancellationToken cancellationToken)
    {
        var edit = AgentEdit.Choose(texts);
        narrator.Step($"savepoint capture {SafeText.Of(edit.Path)} --agent demo-agent --turn 1", "An agent has edited a file, and its tool says which: only that path is looked at.");
        var pending = await workspace.BeginEditAsync([edit.Path], Agent("1"), cancellationToken).ConfigureAwait(false);
        _folder.Write(edit.Path, edit.After);
        var capture = await pending.CommitAsync(cancellationToken).ConfigureAwait(false);
        narrator.Result($"{Quantity.Of(capture.Snapshot?.Changes.Count ?? 0, "change")} recorded as snapshot {workspace.Head}", capture.Elapsed);
        narrator.Check("it holds just the path that differs", IsExactly(capture, before, Look(cancellationToken)));

        narrator.Step("savepoint diff @-1 @", "What the edit did, as git would show it and apply it:");
        var started = Stopwatch.GetTimestamp();
        var (_, patch) = await workspace.DiffAsync(capture.Snapshot!.Parent!.Value, capture.Snapshot.Number, cancellationToken: cancellationToken).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(started);
        narrator.Show(terminal => PatchText.Write(terminal, patch));
        narrator.Result($"{Quantity.Bytes(patch.ToBytes().Length)} of patch", elapsed);
        narrator.Check("the patch says what was edited, and nothing else", edit.IsShownBy(patch.ToBytes()));
    }

    private async Task<Manifest> ChangeManyAsync(SnapshotManager workspace, List<TextFile> texts, CancellationToken cancellationToken)
    {
        var before = Look(cancellationToken);
        var change = new ShellChange(_folder, before);
        await change.MakeAsync(texts, workspace, cancellationToken).ConfigureAwait(false);
        narrator.Step($"{change.Command}; savepoint capture", "A shell command changes much at once, and nobody says what: the tree is scanned.");
        var capture = await workspace.CaptureAsync(null, Agent("2"), cancellationToken).ConfigureAwait(false);
        narrator.Result($"{change.Result}: found and recorded as snapshot {workspace.Head}", capture.Elapsed);
        var after = Look(cancellationToken);
        narrator.Check($"it holds just the {Quantity.Of(before.Differing(after).Count, "path")} that differ", IsExactly(capture, before, after));
        return after;
    }

    private async Task StepBackAndForthAsync(SnapshotManager workspace, Manifest original, Manifest changed, CancellationToken cancellationToken)
    {
        narrator.Step("savepoint undo 2", "Both operations are taken back; only the paths that they changed are touched.");
        Restored(await workspace.UndoAsync(2, cancellationToken: cancellationToken).ConfigureAwait(false));
        Compare("every entry and byte is as it was before them", original, cancellationToken);

        narrator.Step("savepoint redo 2", "And done again: an undo loses nothing.");
        Restored(await workspace.RedoAsync(2, cancellationToken: cancellationToken).ConfigureAwait(false));
        Compare("every entry and byte is as it was after them", changed, cancellationToken);
    }

    private async Task WreckAsync(SnapshotManager workspace, Manifest good, CancellationToken cancellationToken)
    {
        narrator.Step("savepoint checkpoint good", "This state gets a name.");
        var started = Stopwatch.GetTimestamp();
        var label = workspace.AddLabel("good", workspace.Head!.Value);
        narrator.Result($"'good' is snapshot {label.Snapshot}", Stopwatch.GetElapsedTime(started));

        started = Stopwatch.GetTimestamp();
        var wreck = Wreck.Make(_folder, good);
        var elapsed = Stopwatch.GetElapsedTime(started);
        narrator.Step(wreck.Command, "Something goes wrong, nobody had announced it, and nobody has recorded it.");
        narrator.Result(wreck.Result, elapsed);
        var wrecked = Look(cancellationToken);

        narrator.Step("savepoint rollback good", "Back to the checkpoint. The wreck itself is recorded first, so that even this can be undone.");
        var rollback = await workspace.RollbackAsync(workspace.Resolve(Revision.Parse("good")), cancellationToken: cancellationToken).ConfigureAwait(false);
        Restored(rollback);
        Compare("every entry and byte is as it was at the checkpoint", good, cancellationToken);
        narrator.Check($"snapshot {rollback.Drift} holds the wreck", rollback.Drift is { } drift && Manifest.OfHistory(workspace, drift).IsSameAs(wrecked));

        narrator.Step("savepoint undo", "The rollback is an operation like any other.");
        Restored(await workspace.UndoAsync(cancellationToken: cancellationToken).ConfigureAwait(false));
        Compare("the wreck is back, every entry and byte of it", wrecked, cancellationToken);

        narrator.Step("savepoint redo", "And away with it again.");
        Restored(await workspace.RedoAsync(cancellationToken: cancellationToken).ConfigureAwait(false));
        Compare("every entry and byte is as it was at the checkpoint", good, cancellationToken);
    }

    private async Task CleanUpAsync(SnapshotManager workspace, SnapshotNumber baseline, Manifest original, CancellationToken cancellationToken)
    {
        narrator.Step("savepoint gc", "What is seldom read is packed. No snapshot is lost.");
        var done = await workspace.CleanUpAsync(cancellationToken).ConfigureAwait(false);
        narrator.Result($"the history of {Quantity.Bytes(original.TotalBytes)} in {workspace.Head} snapshots takes {Quantity.Bytes(done.BytesAfter)}, {Quantity.Bytes(done.BytesBefore)} before", done.Elapsed);
        narrator.Check($"snapshot {baseline} still gives every entry and byte of the start", Manifest.OfHistory(workspace, baseline).IsSameAs(original));

        narrator.Step("savepoint verify --deep", "Every record and content is compared with its hash.");
        var started = Stopwatch.GetTimestamp();
        var found = workspace.Verify(deep: true, cancellationToken);
        narrator.Result($"{Quantity.Of(found.SnapshotCount, "snapshot")} and {Quantity.Of(found.ContentCount, "content")} read", Stopwatch.GetElapsedTime(started));
        narrator.Check("the store is sound", found.IsClean);
    }

    private static CaptureContext Agent(string turn) => new() { Actor = new Actor("demo-agent", "demo", turn) };

    private static bool IsExactly(CaptureResult capture, Manifest before, Manifest after) =>
        before.Differing(after).SetEquals((capture.Snapshot?.Changes ?? []).SelectMany(change => change.PerPath()).Select(change => change.Path));

    private Manifest Look(CancellationToken cancellationToken) => Manifest.Of(_folder, cancellationToken);

    private void Restored(RestoreResult result) =>
        narrator.Result($"{Quantity.Of(result.Files.Count, "path")} restored{(result.IsVerified ? ", read again and compared" : "")}", result.Elapsed);

    private void Compare(string claim, Manifest expected, CancellationToken cancellationToken) => narrator.Check(claim, Look(cancellationToken).IsSameAs(expected));
}
