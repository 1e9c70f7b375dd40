using Savepoint.Model;
using Savepoint.Storage.Layers;

namespace Savepoint.Bench.Spec;

/// <summary>What the layers hold and how fast they give it.</summary>
internal sealed class LayersPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int L1Operations = 50; // seed, L1 capacity
    private const int L2Operations = 1000; // seed, L2 capacity

    public async Task RunAsync()
    {
        await EditAsync(L2Operations);
        var (l1, own) = HeldBy(L1Operations);
        var (l2, _) = HeldBy(L2Operations);
        report.Set($"l1-capture-memory-{size.Name}", Math.Max(0, l1 - own) / 1e3 / L1Operations, L1Operations, $"{l1 / 1e6:0.0} MB of heap for {L1Operations}, {own / 1e6:0.0} MB of files among it");
        report.Set($"l2-memory-{size.Name}", l2 / 1e6, L2Operations, "the files' bytes included");
        Access();
    }

    private async Task EditAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path], new CaptureContext { Actor = new Actor("bench", "layers") });
            file.Edit(tree.Text);
            await edit.CommitAsync();
        }
    }

    /// <summary>The heap that the last operations take while they are held, in bytes, and how much of it are the bytes of their files.</summary>
    private (long Held, long Own) HeldBy(int count)
    {
        manager.FreeMemory();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var own = new Dictionary<ContentId, long>();
        for (var i = 0; i < count; i++)
        {
            var number = new SnapshotNumber(manager.Head!.Value.Value - i);
            manager.FindOperation(number);
            foreach (var file in manager.GetSnapshot(number).Changes.SelectMany(change => (FileState[])[change.Before, change.After]).OfType<FileState.Regular>())
            {
                own[file.Content] = file.SizeBytes;
            }
        }

        // The pack decoded last, up to 4 MiB of other files' versions, is the content store's, and an account of its own.
        var pack = manager.Memory.Single(account => account.Account == "pack").Bytes;
        return (Math.Max(0, GC.GetTotalMemory(forceFullCollection: true) - before - pack), own.Values.Sum());
    }

    private void Access()
    {
        var (fill, access, failures) = (new Samples(), new Samples(), new List<string>());
        for (var age = 0; age < L2Operations; age++)
        {
            var number = new SnapshotNumber(manager.Head!.Value.Value - age);
            fill.Measure(() => manager.FindOperation(number)); // from the disk, where nobody asked for it before
        }

        for (var i = 0; i < size.Effort.Accesses; i++)
        {
            var number = new SnapshotNumber(manager.Head!.Value.Value - tree.Text.Next(L2Operations));
            OperationSnapshot? operation = null;
            access.Measure(() => operation = manager.FindOperation(number));
            if (operation is null || operation.Number != number || operation.Diff.Files.Count == 0)
            {
                failures.Add($"snapshot {number}");
            }
        }

        report.Set($"l2-access-time-{size.Name}", access.P99, access, size.Name == "medium" ? null : $"what is not in L2 is one read away: p50 {fill.P50:0.00} ms, p99 {fill.P99:0.0} ms");
        report.SetSuccess($"l2-access-success-{size.Name}", size.Effort.Accesses, failures);
    }
}
