using System.Globalization;

namespace Savepoint.Bench;

/// <summary>
/// Whether decoding ahead pays: a real history (tests/data), a label at each tenth version, and from the others a rollback to
/// the newest label in a process that has just opened the workspace, with and without prediction in turn.
/// </summary>
internal static class PrefetchBench
{
    private const int VersionsBetweenLabels = 10;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 0, fileBytes: 0);
        var commits = RealHistory.Unpack(tree);
        var (with, without) = (new Measured(), new Measured());
        for (var i = 0; i < commits.Length; i++)
        {
            RealHistory.CheckOut(tree, commits[i]);
            await RecordAsync(tree, i);
            if (i % VersionsBetweenLabels != 0)
            {
                await RollBackAsync(tree, with, isPredicted: true);
                await RollBackAsync(tree, without, isPredicted: false);
            }
        }

        var detail = string.Create(CultureInfo.InvariantCulture, $"p50 {with.Time.P50:0.00} ms to {without.Time.P50:0.00}; of the contents asked for {with.HitRate:P0} were decoded, {without.HitRate:P0} without; n = {with.Time.Count}");
        return [new("rollback to the last checkpoint, decoded ahead, to not", with.Time.P50 / without.Time.P50, 0.9, "×", detail)];
    }

    private static async Task RecordAsync(ScratchTree tree, int version)
    {
        await using var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager;
        await manager.CaptureAsync();
        if (version % VersionsBetweenLabels == 0)
        {
            manager.AddLabel($"version-{version}", manager.Head!.Value);
        }
    }

    private static async Task RollBackAsync(ScratchTree tree, Measured measured, bool isPredicted)
    {
        await using var manager = await SnapshotManager.OpenAsync(tree.Root, tree.Options);
        if (isPredicted)
        {
            manager.Prefetch();
        }

        manager.TakeContentCounts();
        var target = manager.Labels()[0].Snapshot;
        await measured.Time.MeasureAsync(() => manager.RollbackAsync(target));
        var (hits, misses) = manager.TakeContentCounts();
        measured.Hits += hits;
        measured.Misses += misses;
        await manager.UndoAsync();
    }

    private sealed class Measured
    {
        public Samples Time { get; } = new();

        public long Hits { get; set; }

        public long Misses { get; set; }

        public double HitRate => (double)Hits / Math.Max(1, Hits + Misses);
    }
}
