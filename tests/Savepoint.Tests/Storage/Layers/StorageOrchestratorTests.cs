using Savepoint.Model;
using Savepoint.Storage.Layers;
using Xunit;

namespace Savepoint.Tests.Storage.Layers;

/// <summary>L1 → L2 → disk → L3, in a second process beside the one that captures.</summary>
public sealed class StorageOrchestratorTests
{
    private const long Ample = 48_000_000;

    [Fact]
    public async Task Nothing_is_decoded_before_it_is_asked_for()
    {
        await using var history = await LayerHistory.OfEditsAsync(3);
        var layers = new StorageOrchestrator(history.Store, "main", Ample);

        Assert.Equal((0, 0), (layers.Uses.L1.Count, layers.Uses.L2.Count));
        Assert.Equal(0, ((IMemoryAccount)layers).Bytes);
    }

    [Fact]
    public async Task Another_process_captures_are_the_last_operations_at_once()
    {
        await using var history = await LayerHistory.OfEditsAsync(3);
        var layers = new StorageOrchestrator(history.Store, "main", Ample);
        Assert.Equal([4L, 3L], layers.GetLast(2).Select(operation => operation.Number.Value));

        await history.EditAsync("file0", "another process\n");
        await history.Manager.UndoAsync();

        Assert.Equal([6L, 5L, 4L], layers.GetLast(3).Select(operation => operation.Number.Value));
        Assert.Equal(SnapshotKind.Undo, layers.GetLast(1)[0].Operation.Kind);
    }

    [Fact]
    public async Task What_falls_out_of_L1_is_in_L2_and_what_is_found_on_disk_rises_there()
    {
        await using var history = await LayerHistory.OfEditsAsync(50);
        var layers = new StorageOrchestrator(history.Store, "main", Ample);
        layers.Fill();
        for (var i = 0; i < 5; i++)
        {
            await history.EditAsync("file0", $"one more, {i}\n");
        }

        layers.Fill();
        Assert.Equal((50, 5), (layers.Uses.L1.Count, layers.Uses.L2.Count));

        // The first five are poured on in L2, the 51st is in L1, and the baseline was never in either.
        layers.Find(new SnapshotNumber(2));
        layers.Find(new SnapshotNumber(51));
        layers.Find(new SnapshotNumber(1));
        Assert.Equal((1, 1, 1), layers.Hits);
        layers.Find(new SnapshotNumber(1));
        Assert.Equal((1, 2, 1), layers.Hits);
    }

    [Fact]
    public async Task A_process_that_missed_more_than_fifty_reads_only_the_last_fifty()
    {
        await using var history = await LayerHistory.OfEditsAsync(2);
        var layers = new StorageOrchestrator(history.Store, "main", Ample);
        layers.Fill();
        for (var i = 0; i < 60; i++)
        {
            await history.EditAsync("file0", $"one more, {i}\n");
        }

        Assert.Equal(Enumerable.Range(14, 50).Reverse(), layers.GetLast(50).Select(operation => (int)operation.Number.Value));
        Assert.Equal(2, layers.Uses.L2.Count);
    }

    [Fact]
    public async Task A_record_that_the_store_changed_is_read_anew()
    {
        await using var history = await LayerHistory.OfEditsAsync(2);
        var layers = new StorageOrchestrator(history.Store, "main", Ample);
        Assert.Equal("an edit", layers.GetLast(1)[0].Context.Message);

        Sql.Execute(Path.Combine(history.Manager.StoreDirectory, "store.db"), "UPDATE snapshots SET message = 'compacted', hash = randomblob(16) WHERE number = 3");

        Assert.Equal("compacted", layers.Find(new SnapshotNumber(3))!.Context.Message);
        Assert.Equal("compacted", layers.GetLast(1)[0].Context.Message);
    }

    [Fact]
    public async Task What_the_store_has_no_more_is_found_in_the_archives_and_what_is_nowhere_is_not()
    {
        await using var history = await LayerHistory.OfEditsAsync(2);
        var archived = OperationSnapshot.Create(history.Operations()[0].Operation with { Number = new SnapshotNumber(99) }, history.Store.Contents, HeadMark.None);
        var archives = new Archives(archived);
        var layers = new StorageOrchestrator(history.Store, "main", Ample, archives);

        Assert.Same(archived, layers.Find(new SnapshotNumber(99)));
        Assert.Same(archived, layers.Find(new SnapshotNumber(99)));
        Assert.Equal(1, archives.AskedCount);
        Assert.Null(layers.Find(new SnapshotNumber(100)));
    }

    [Fact]
    public async Task Contents_are_read_once_and_shared()
    {
        await using var history = await LayerHistory.OfEditsAsync(6);
        var layers = new StorageOrchestrator(history.Store, "main", Ample);
        layers.Fill();
        var (first, third) = (layers.Find(new SnapshotNumber(2))!, layers.Find(new SnapshotNumber(5))!);
        var between = Assert.IsType<FileState.Regular>(Assert.Single(first.Operation.Changes).After).Content;

        Assert.Same(first.Held[between], third.Held[between]); // after the one, before the next
        Assert.Same(first.Held[between], layers.Read(between));
    }

    [Fact]
    public async Task A_trimmed_orchestrator_gives_the_same_answers()
    {
        await using var history = await LayerHistory.OfEditsAsync(60);
        var layers = new StorageOrchestrator(history.Store, "main", Ample);
        var before = layers.GetLast(50);

        layers.Trim(0);

        Assert.Equal(0, ((IMemoryAccount)layers).Bytes);
        Assert.Equal(before.Select(operation => operation.Diff), layers.GetLast(50).Select(operation => operation.Diff));
    }

    [Fact]
    public async Task A_budget_of_nothing_reads_everything_from_disk()
    {
        await using var history = await LayerHistory.OfEditsAsync(3);
        var layers = new StorageOrchestrator(history.Store, "main", maxBytes: 0);

        Assert.Equal([4L, 3L, 2L], layers.GetLast(50).Select(operation => operation.Number.Value));
        Assert.Equal(0, ((IMemoryAccount)layers).Bytes);
    }

    [Fact]
    public async Task An_undo_takes_the_bytes_that_L1_holds()
    {
        await using var history = await LayerHistory.OfEditsAsync(6);
        history.Manager.FillLayers();

        // Beyond what the store remembers of what it decoded last.
        for (var i = 0; i < 6; i++)
        {
            history.Workspace.Write($"unrelated{i}", Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(value => (byte)value)], 1_900_000));
        }

        await history.Manager.CaptureAsync();
        await history.Manager.UndoAsync();

        // What L1 has decoded is not read from the store again: that it is broken there is not even noticed.
        Sql.Execute(Path.Combine(history.Manager.StoreDirectory, "store.db"), "UPDATE contents SET data = x'00', method = 0");
        var result = await history.Manager.UndoAsync();

        Assert.Equal(RestoreEnding.Restored, result.Ending);
        Assert.Contains("edit 2\n", history.Workspace.Read("file2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_whose_bytes_are_lost_is_passed_over_by_the_fill_and_fails_when_it_is_asked_for()
    {
        await using var history = await LayerHistory.OfEditsAsync(3);
        Sql.Execute(Path.Combine(history.Manager.StoreDirectory, "store.db"), "UPDATE contents SET data = x'00', method = 0 WHERE id = (SELECT content FROM changes WHERE snapshot = 3)");
        var layers = new StorageOrchestrator(history.Store, "main", Ample);

        layers.Fill();

        Assert.Equal(new SnapshotNumber(4), layers.Find(new SnapshotNumber(4))!.Number);
        Assert.Equal(ErrorCode.Damaged, Assert.Throws<SavepointException>(() => layers.Find(new SnapshotNumber(3))).Code);
    }

    private sealed class Archives(OperationSnapshot archived) : ISnapshotLayer
    {
        public int AskedCount { get; private set; }

        public LayerUse Use => new(SnapshotLayer.L3, 1, 1);

        public OperationSnapshot? Find(SnapshotNumber number)
        {
            AskedCount++;
            return number == archived.Number ? archived : null;
        }
    }
}
