using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Storage;
using Savepoint.Storage.Layers;
using Xunit;

namespace Savepoint.Tests.Maintenance;

/// <summary>Tests that look at the whole process's heap: others would be counted in.</summary>
[CollectionDefinition("The heap", DisableParallelization = true)]
public sealed class HeapTests;

/// <summary>What an account says is what the process really holds, and what a step claims to free is free.</summary>
[Collection("The heap")]
public sealed class MemoryAccountTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    [InlineData(60_000)]
    public void Recent_contents_weigh_what_the_heap_grows_by(int contentBytes)
    {
        const long Total = 24_000_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var contents = new RecentContents(maxBytes: 2 * Total);
        while (contents.Bytes < Total)
        {
            var content = new byte[contentBytes];
            Random.Shared.NextBytes(content);
            contents.Put(ContentId.Of(content), content);
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(contents.Bytes, growth * 0.8, growth * 1.2);

        contents.Trim(Total / 4);
        var left = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(contents.Bytes, 0, Total / 4);
        Assert.InRange(growth - left, 0.8 * 0.75 * growth, growth);
        GC.KeepAlive(contents);
    }

    [Theory]
    [InlineData(20, 400)]
    [InlineData(300, 200)]
    [InlineData(3_000, 60)]
    public async Task Operations_weigh_what_the_heap_grows_by(int lineCount, int operationCount)
    {
        await using var history = await Storage.Layers.LayerHistory.OfEditsAsync(operationCount, lineCount);
        history.Manager.FreeMemory();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cache = new SessionCache(100_000_000);
        foreach (var operation in ReadAll())
        {
            cache.Add(operation);
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(cache.Use.SizeBytes, growth * 0.8, growth * 1.2);
        GC.KeepAlive(cache);

        // From a store without a cache of its own, so that no one else holds what is weighed.
        IEnumerable<OperationSnapshot> ReadAll()
        {
            using var store = Savepoint.Storage.SnapshotStore.Open(history.Manager.StoreDirectory, syncEachCommit: false);
            var source = new Shared(cache, store.Contents);
            for (var number = 2; number <= store.NewestNumber(); number++)
            {
                yield return new StoredOperations(store, source).Find(new SnapshotNumber(number))!;
            }
        }
    }

    [Fact]
    public async Task A_manager_lets_go_of_what_it_read_and_reads_it_again()
    {
        using var workspace = new Workspace();
        var texts = Enumerable.Range(0, 40).ToDictionary(i => $"file{i}", i => string.Concat(Enumerable.Range(0, 2_000).Select(line => $"{i} {line}\n")));
        foreach (var (name, text) in texts)
        {
            workspace.Write(name, text);
        }

        await using var manager = await workspace.InitAsync();
        ReadAll();
        var step = manager.FreeMemory();

        Assert.True(step.BytesBefore > 400_000, $"{step}");
        Assert.InRange(step.BytesAfter, 0, step.BytesBefore / 10);
        ReadAll();
        Assert.Equal(["contents", "pack", "pages", "layers"], manager.Memory.Select(account => account.Account));
        Assert.True(manager.Memory.Sum(account => account.Bytes) > 400_000);

        void ReadAll()
        {
            foreach (var (name, text) in texts)
            {
                var state = Assert.IsType<FileState.Regular>(manager.StateAt(manager.Head!.Value, WorkspacePath.Parse(name)));
                Assert.Equal(text, System.Text.Encoding.UTF8.GetString(manager.Contents.Read(state.Content)));
            }
        }
    }

    [Fact]
    public async Task A_capture_past_a_threshold_makes_room()
    {
        using var workspace = new Workspace();
        var options = workspace.Options with { Memory = new MemoryBudget { WarningBytes = 1_000_000, CriticalBytes = 2_000_000, EmergencyBytes = 3_000_000 } };
        await using var manager = (await SnapshotManager.InitAsync(workspace.Root, options)).Manager;
        for (var i = 0; i < 30; i++)
        {
            workspace.Write($"file{i}", string.Concat(Enumerable.Range(0, 10_000).Select(line => $"{i} {line}\n")));
            await manager.CaptureAsync([WorkspacePath.Parse($"file{i}")]);

            Assert.InRange(manager.Memory.Sum(account => account.Bytes), 0, 1_000_000);
        }

        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    private sealed class Shared(SessionCache cache, IContentSource store) : IContentSource
    {
        public byte[] Read(ContentId id) => cache.FindContent(id) ?? store.Read(id);

        public void CopyTo(ContentId id, Stream destination) => destination.Write(Read(id));
    }
}
