namespace Savepoint.Bench;

/// <summary>Capturing and undoing an announced edit inside one process: a file of 10 KB in a tree of 1,000.</summary>
internal static class EditBench
{
    // The runtime compiles what runs often once more, on its second and third look, two thousand rounds long: a process
    // that takes edits all day is past that.
    private const int WarmUpRounds = 4000;
    private const int Rounds = 2000;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        await using var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager;
        var (capture, undo) = (new Samples(), new Samples());
        for (var round = 0; round < WarmUpRounds + Rounds; round++)
        {
            var file = tree.Text.Next(tree.Files.Count);
            PendingEdit? edit = null;
            var begun = new Samples();
            await begun.MeasureAsync(async () => edit = await manager.BeginEditAsync([tree.Files[file].Path]));
            tree.Edit(file);
            var committed = new Samples();
            await committed.MeasureAsync(() => edit!.CommitAsync());
            var undone = new Samples();
            await undone.MeasureAsync(() => manager.UndoAsync());
            await manager.RedoAsync();
            if (round >= WarmUpRounds)
            {
                capture.Add(begun.P50 + committed.P50);
                undo.Add(undone.P50);
            }
        }

        var detail = $"n = {capture.Count}, 10 KB file, 1,000 files, 1–12 lines, after {WarmUpRounds:N0} rounds";
        return
        [
            new("capture of an edit in-process, p50", capture.P50, 0.3, "ms", detail),
            new("capture of an edit in-process, p99", capture.P99, 2, "ms", detail),
            new("undo of an edit in-process, p50", undo.P50, 2, "ms", detail),
            new("undo of an edit in-process, p99", undo.P99, 10, "ms", detail),
        ];
    }
}
