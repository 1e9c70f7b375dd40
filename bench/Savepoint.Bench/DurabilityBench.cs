namespace Savepoint.Bench;

/// <summary>
/// What <c>durability: disk</c> costs: captures of an edit and rollbacks of 100 files with it and without, in turn, beside
/// what a bare write and sync of the same bytes takes on the same disk.
/// </summary>
internal static class DurabilityBench
{
    private const int WarmUpRounds = 100;
    private const int Rounds = 300;
    private const int Rollbacks = 20;
    private const int RolledBackFiles = 100;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var processTree = new ScratchTree(files: 1000, fileBytes: 10_000);
        using var diskTree = new ScratchTree(files: 1000, fileBytes: 10_000);
        await using var process = (await SnapshotManager.InitAsync(processTree.Root, processTree.Options)).Manager;
        await using var disk = (await SnapshotManager.InitAsync(diskTree.Root, diskTree.Options with { Durability = Durability.Disk })).Manager;
        var (captures, syncedCaptures, bareSyncs) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < WarmUpRounds + Rounds; round++)
        {
            var isWarm = round >= WarmUpRounds;
            await CaptureAsync(processTree, process, isWarm ? captures : new Samples());
            await CaptureAsync(diskTree, disk, isWarm ? syncedCaptures : new Samples());
            (isWarm ? bareSyncs : new Samples()).Measure(() => WriteAndSync(diskTree, "bare"));
        }

        var (rollbacks, syncedRollbacks, bareFiles) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rollbacks; round++)
        {
            await RollBackAsync(processTree, process, rollbacks);
            await RollBackAsync(diskTree, disk, syncedRollbacks);
            bareFiles.Measure(() =>
            {
                for (var i = 0; i < RolledBackFiles; i++)
                {
                    WriteAndSync(diskTree, $"bare-{i}");
                }
            });
        }

        return
        [
            new("durability disk: capture of an edit to a bare sync", syncedCaptures.P50 / bareSyncs.P50, 3, "×", $"p50 {syncedCaptures.P50:0.00} ms ({captures.P50:0.00} by default) to {bareSyncs.P50:0.00} ms, n = {Rounds}; p99 {syncedCaptures.P99:0.00} ms ({captures.P99:0.00})"),
            new("durability disk: rollback of 100 files to bare syncs", syncedRollbacks.P50 / bareFiles.P50, 2, "×", $"p50 {syncedRollbacks.P50:0.0} ms ({rollbacks.P50:0.0} by default) to {bareFiles.P50:0.0} ms, n = {Rollbacks}"),
        ];
    }

    private static async Task CaptureAsync(ScratchTree tree, SnapshotManager manager, Samples samples)
    {
        var file = tree.Text.Next(tree.Files.Count);
        var edit = await manager.BeginEditAsync([tree.Files[file].Path]);
        tree.Edit(file);
        await samples.MeasureAsync(() => edit.CommitAsync());
    }

    private static async Task RollBackAsync(ScratchTree tree, SnapshotManager manager, Samples samples)
    {
        var target = manager.Head!.Value;
        for (var i = 0; i < RolledBackFiles; i++)
        {
            tree.Edit(i);
        }

        await manager.CaptureAsync();
        await samples.MeasureAsync(() => manager.RollbackAsync(target));
    }

    private static void WriteAndSync(ScratchTree tree, string name)
    {
        using var file = new FileStream(Path.Combine(tree.Options.StoreHome, name), FileMode.Create, FileAccess.Write);
        file.Write(new byte[10_000]);
        file.Flush(flushToDisk: true);
    }
}
