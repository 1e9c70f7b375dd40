using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>
/// The main job from end to end on a scratch project: track, edit, look, step back and forth, survive a wreck. Each step
/// says what it does, and is checked against the files' bytes as they were, kept apart from Savepoint.
/// </summary>
internal sealed class Demo(Terminal terminal)
{
    private readonly Paint _paint = new(terminal.HasColor);
    private readonly List<(string Claim, bool Holds)> _checks = [];

    /// <summary>What was claimed, and whether it held.</summary>
    public IReadOnlyList<(string Claim, bool Holds)> Checks => _checks;

    public async Task RunAsync(ScratchProject project, CancellationToken cancellationToken)
    {
        Step("init", "A project starts to be tracked: the whole tree is recorded. The history lies outside of it.");
        var (workspace, baseline) = await SnapshotManager.InitAsync(project.Root, new SnapshotOptions { StoreHome = project.StoreHome }, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (workspace)
        {
            var original = project.Contents();
            Check($"the baseline, snapshot {workspace.Head}, holds all {original.Count} files", baseline.Snapshot!.Changes.Count(change => change.After is FileState.Regular) == original.Count);

            await EditAsync(project, workspace, cancellationToken).ConfigureAwait(false);
            var edited = project.Contents();
            await StepBackAndForthAsync(project, workspace, original, edited, cancellationToken).ConfigureAwait(false);
            await WreckAsync(project, workspace, edited, cancellationToken).ConfigureAwait(false);

            Step("verify", "Every record and content is compared with its hash.");
            Check("the store is sound", workspace.Verify(deep: true, cancellationToken).IsClean);
        }
    }

    private async Task EditAsync(ScratchProject project, SnapshotManager workspace, CancellationToken cancellationToken)
    {
        Step("capture", "An agent edits a file. What differs from the last snapshot is recorded, with who did it.");
        project.Replace("src/basket.py", "sum(item.price for item in items)", "sum(item.price * item.count for item in items)");
        var first = await workspace.CaptureAsync(null, Agent("turn-1", "count items"), cancellationToken).ConfigureAwait(false);
        Check("one file was recorded as changed", first.Snapshot!.Changes is [{ Kind: ChangeKind.Modify }]);

        Step("diff", "What the edit did, as git would show it:");
        var (_, patch) = await workspace.DiffAsync(first.Snapshot.Parent!.Value, first.Snapshot.Number, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!terminal.IsJson && !terminal.IsQuiet)
        {
            PatchText.Write(terminal, patch);
        }

        Check("the diff names the new line", patch.ToBytes().AsSpan().IndexOf("+    return sum(item.price * item.count"u8) >= 0);

        Step("capture", "A shell command moves a file and makes it executable: one more snapshot, found by looking at the tree.");
        File.Move(project.At("src/checkout.py"), project.At("src/pay.py"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(project.At("src/pay.py"), (UnixFileMode)Convert.ToInt32("755", 8));
        }

        var second = await workspace.CaptureAsync(null, Agent("turn-2", "rename checkout"), cancellationToken).ConfigureAwait(false);
        Check("it is recorded as a move, not as a loss", second.Snapshot!.Changes is [{ Kind: ChangeKind.Rename }]);
        workspace.AddLabel("good", second.Snapshot.Number);
    }

    private async Task StepBackAndForthAsync(ScratchProject project, SnapshotManager workspace, SortedDictionary<string, string> original, SortedDictionary<string, string> edited, CancellationToken cancellationToken)
    {
        Step("undo 2", "Both operations are taken back.");
        var undo = await workspace.UndoAsync(2, cancellationToken: cancellationToken).ConfigureAwait(false);
        Check("every byte is as it was at the start", undo.IsVerified && project.Contents().SequenceEqual(original));

        Step("redo 2", "And done again: an undo loses nothing.");
        var redo = await workspace.RedoAsync(2, cancellationToken: cancellationToken).ConfigureAwait(false);
        Check("every byte is as it was after the edits", redo.IsVerified && project.Contents().SequenceEqual(edited));
    }

    private async Task WreckAsync(ScratchProject project, SnapshotManager workspace, SortedDictionary<string, string> edited, CancellationToken cancellationToken)
    {
        Step("rm -rf src; echo oops > README.md", "Something goes wrong, and nobody had announced it.");
        Directory.Delete(project.At("src"), recursive: true);
        project.Write("README.md", "oops\n");
        var wrecked = project.Contents();

        Step("rollback good", "Back to the checkpoint. The wreck itself is recorded first, so that even this can be undone.");
        var good = workspace.Resolve(Revision.Parse("good"));
        var rollback = await workspace.RollbackAsync(good, cancellationToken: cancellationToken).ConfigureAwait(false);
        Check("every byte is as it was at the checkpoint", rollback.IsVerified && project.Contents().SequenceEqual(edited));
        Check($"the wreck is kept, as snapshot {rollback.Drift}", rollback.Drift is not null);

        Step("undo; redo", "The rollback is an operation like any other.");
        await workspace.UndoAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        Check("undone, the wreck is back", project.Contents().SequenceEqual(wrecked));
        await workspace.RedoAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        Check("redone, the checkpoint is back", project.Contents().SequenceEqual(edited));
    }

    private static CaptureContext Agent(string turn, string message) => new() { Actor = new Actor("demo-agent", "demo", turn), Message = message };

    private void Step(string command, string explanation)
    {
        Tell("");
        Tell($"{_paint.Bold($"$ {command}")}");
        Tell($"  {explanation}");
    }

    private void Check(string claim, bool holds)
    {
        _checks.Add((claim, holds));
        Tell($"  {(holds ? _paint.Added("ok") : _paint.Deleted("NOT SO"))}: {claim}");
    }

    private void Tell(string line)
    {
        if (!terminal.IsJson)
        {
            terminal.Say(line);
        }
    }
}
