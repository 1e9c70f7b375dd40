using Savepoint.Model;

namespace Savepoint.Bench;

/// <summary>
/// Operations by number from L1, L2 and the disk, what filling L1 costs after an edit, and an undo with and without it, in
/// turn: files of 10 KB in a tree of 1,000, one session.
/// </summary>
internal static class LayerBench
{
    private const int WarmUpRounds = 200;
    private const int Rounds = 1_000;
    private const int L1Count = 50;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        await using var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager;
        await using var plain = await SnapshotManager.OpenAsync(tree.Root, tree.Options);
        var (fill, undo, plainUndo) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < WarmUpRounds + Rounds; round++)
        {
            await EditAsync(tree, manager);
            var filled = new Samples();
            filled.Measure(manager.FillLayers);
            var undone = new Samples();
            await undone.MeasureAsync(() => manager.UndoAsync());
            await manager.RedoAsync();
            var plainUndone = new Samples();
            await plainUndone.MeasureAsync(() => plain.UndoAsync());
            await plain.RedoAsync();
            if (round >= WarmUpRounds)
            {
                fill.Add(filled.P50);
                undo.Add(undone.P50);
                plainUndo.Add(plainUndone.P50);
            }
        }

        manager.FillLayers();
        var newest = manager.Head!.Value.Value;
        var l1 = Access(manager, Enumerable.Range(0, 20).SelectMany(_ => Enumerable.Range(0, L1Count)).Select(age => newest - age));
        var beyond = Enumerable.Range(L1Count, 900).Select(age => newest - age).ToList();
        var disk = Access(plain, beyond);
        Access(manager, beyond); // now they are in L2
        var l2 = Access(manager, beyond);
        var held = manager.Layers();
        var detail = $"n = {Rounds}, 10 KB file, 1,000 files";
        return
        [
            new("L1 fill after an edit, p99", fill.P99, 20, "ms", detail),
            new("L1 access, p99", l1.P99, 1, "ms", $"n = {l1.Count}"),
            new("L1 rollback (an undo), p50", undo.P50, 2, "ms", detail),
            new("L1 rollback (an undo), p99", undo.P99, 5, "ms", detail),
            new("the same without L1, p99", plainUndo.P99, 10, "ms", detail),
            new("L2 access, p99", l2.P99, 2, "ms", $"n = {l2.Count}"),
            new("disk access, p99", disk.P99, 100, "ms", $"n = {disk.Count}"),
            new("L1 and L2 in all", (held[0].SizeBytes + held[1].SizeBytes) / 1e6, 50, "MB", $"{held[0].Count} and {held[1].Count} operations"),
        ];
    }

    private static async Task EditAsync(ScratchTree tree, SnapshotManager manager)
    {
        var file = tree.Text.Next(tree.Files.Count);
        var edit = await manager.BeginEditAsync([tree.Files[file].Path], new CaptureContext { Actor = new Actor("bench", "session") });
        tree.Edit(file);
        await edit.CommitAsync();
    }

    private static Samples Access(SnapshotManager manager, IEnumerable<long> numbers)
    {
        var samples = new Samples();
        foreach (var number in numbers)
        {
            samples.Measure(() => _ = manager.FindOperation(new SnapshotNumber(number)) ?? throw new InvalidOperationException($"{number} is not there"));
        }

        return samples;
    }
}
