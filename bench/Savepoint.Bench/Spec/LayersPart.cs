using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>What the layers hold and how fast they give it; and letting go of it.</summary>
internal sealed class LayersPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int L1Operations = 50; // seed, L1 capacity
    private const int L2Operations = 1000; // seed, L2 capacity
    private const int Accesses = 10_000;
    private const int CleanUps = 50;

    public async Task RunAsync()
    {
        await EditAsync(L2Operations);
        var isTypical = size.Name == "medium";
        if (OptionalParts.HasLayers)
        {
            if (isTypical)
            {
                report.Set("l1-capture-memory", HeldBy(L1Operations) / 1e3, L1Operations, "heap in use for each, with the bytes of the file before and after taken off");
                report.Set("l2-memory", HeldBy(L2Operations) * L2Operations / 1e6, L2Operations);
            }

            Access();
        }
        else
        {
            report.Explain("layers", OptionalParts.NoLayers);
        }

        if (isTypical)
        {
            await CleanUpAsync();
        }
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

    /// <summary>The heap that each of the last operations takes while it is held, in bytes beyond those of its file.</summary>
    private double HeldBy(int count)
    {
        manager.FreeMemory();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var find = OptionalParts.FindOperation(manager);
        long own = 0;
        for (var i = 0; i < count; i++)
        {
            var number = new SnapshotNumber(manager.Head!.Value.Value - i);
            find(number);
            own += manager.GetSnapshot(number).Changes.Sum(change => BytesOf(change.Before) + BytesOf(change.After));
        }

        return Math.Max(0, GC.GetTotalMemory(forceFullCollection: true) - before - own) / (double)count;
    }

    private void Access()
    {
        var find = OptionalParts.FindOperation(manager);
        var (access, failures) = (new Samples(), new List<string>());
        for (var i = 0; i < Accesses; i++)
        {
            var number = new SnapshotNumber(manager.Head!.Value.Value - tree.Text.Next(L2Operations));
            dynamic? operation = null;
            access.Measure(() => operation = find(number));
            if (operation is null || (SnapshotNumber)operation.Number != number || (int)operation.Diff.Files.Count == 0)
            {
                failures.Add($"snapshot {number}");
            }
        }

        report.Set($"l2-access-time-{size.Name}", access);
        report.SetSuccess($"l2-access-success-{size.Name}", Accesses, failures);
    }

    /// <summary>Fills what there is to fill, lets go of it, and looks what is left, again and again.</summary>
    private async Task CleanUpAsync()
    {
        var (elapsed, left, failures) = (new Samples(), new Samples(), new List<string>());
        await using var opened = await SnapshotManager.OpenAsync(tree.Root, tree.Options);
        var baseline = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < CleanUps; round++)
        {
            foreach (var number in Enumerable.Range(0, L2Operations / 5).Select(i => new SnapshotNumber(opened.Head!.Value.Value - i)))
            {
                opened.GetSnapshot(number).Changes.Select(change => change.After.ContentId).OfType<ContentId>().ToList().ForEach(id => opened.Contents.Read(id));
            }

            var step = opened.FreeMemory();
            elapsed.Add(step.Elapsed.TotalMilliseconds);
            left.Add(100.0 * GC.GetTotalMemory(forceFullCollection: true) / baseline);
            if (step.BytesAfter > step.BytesBefore)
            {
                failures.Add($"round {round}: {step.BytesBefore} bytes became {step.BytesAfter}");
            }
        }

        report.Set("cleanup-time", elapsed);
        report.Set("cleanup-return", left);
        report.SetSuccess("cleanup-success", CleanUps, failures);
    }

    private static long BytesOf(FileState state) => state is FileState.Regular file ? file.SizeBytes : 0;
}
