using Savepoint.Model;
using Savepoint.Storage.Layers;
using Xunit;

namespace Savepoint.Tests.Storage.Layers;

/// <summary>What every layer promises, whatever it is made of. Each layer's tests derive from this.</summary>
public abstract class SnapshotLayerTests
{
    private const int Count = 12;

    /// <summary>The layer under test, holding all operations of the history.</summary>
    private protected abstract ISnapshotLayer Holding(LayerHistory history);

    [Fact]
    public async Task An_operation_that_it_holds_is_found_by_number_with_all_that_belongs_to_it()
    {
        await using var history = await LayerHistory.OfEditsAsync(Count);
        var layer = Holding(history);

        foreach (var expected in history.Operations())
        {
            var found = layer.Find(expected.Number)!;

            Assert.Equal(expected.Operation.Changes, found.Operation.Changes);
            Assert.Equal(Record(expected), Record(found));
            Assert.Equal(expected.Diff, found.Diff);
            Assert.Equal(expected.Diff.Reverse(), found.ReverseDiff);
            Assert.Equal(expected.AffectedFiles, found.AffectedFiles);
            Assert.Equal(expected.Context, found.Context);
            Assert.NotEmpty(found.Contents);
            Assert.All(found.Contents, content => Assert.Equal(content.Key, ContentId.Of(content.Value.Span)));
        }
    }

    // How long a capture took is no part of the record.
    private static Snapshot Record(OperationSnapshot operation) => operation.Operation with { Changes = [], Coverage = Coverage.Empty, Elapsed = null };

    [Fact]
    public async Task What_it_does_not_hold_is_not_found()
    {
        await using var history = await LayerHistory.OfEditsAsync(Count);
        var layer = Holding(history);

        Assert.Null(layer.Find(new SnapshotNumber(Count + 2)));
        Assert.Null(layer.Find(new SnapshotNumber(0)));
        Assert.Null(layer.Find(new SnapshotNumber(long.MaxValue)));
    }

    [Fact]
    public async Task It_says_what_it_holds()
    {
        await using var history = await LayerHistory.OfEditsAsync(Count);

        var use = Holding(history).Use;

        Assert.True(use.Count > 0);
        Assert.True(use.SizeBytes > 0);
    }
}

/// <summary>L3: what a milestone archived is there, whatever becomes of the database.</summary>
public sealed class ArchivedOperationsTests : SnapshotLayerTests
{
    private protected override ISnapshotLayer Holding(LayerHistory history)
    {
        history.Manager.MilestoneAsync("archived", history.Manager.Head!.Value).GetAwaiter().GetResult();
        return new ArchivedOperations(history.Store.Milestones);
    }

    [Fact]
    public async Task What_compaction_freed_is_found_in_the_archive()
    {
        await using var history = await LayerHistory.OfEditsAsync(0);
        for (var i = 0; i < 4; i++)
        {
            await history.EditAsync("edited", $"{i}\n");
        }

        for (var i = 0; i < 50; i++)
        {
            await history.EditAsync($"filler{i}", $"{i}\n", session: $"s{i}");
        }

        await history.Manager.CompactAsync(Savepoint.Compaction.CompactionLevel.Emergency);

        Assert.True(history.Manager.FindMerged(new SnapshotNumber(3)) is { IsFreed: true });
        var found = history.Manager.FindOperation(new SnapshotNumber(3))!;
        Assert.Equal("1\n", System.Text.Encoding.UTF8.GetString(found.Contents[Assert.IsType<FileState.Regular>(found.Operation.Changes[0].After).Content].Span));
    }
}

/// <summary>The disk: what was captured is there, and nobody has to add it.</summary>
public sealed class StoredOperationsTests : SnapshotLayerTests
{
    private protected override ISnapshotLayer Holding(LayerHistory history) => history.Disk;

    [Fact]
    public async Task An_operation_too_large_for_memory_is_found_with_its_diff_and_without_its_bytes()
    {
        await using var history = await LayerHistory.OfEditsAsync(1);
        var large = await history.EditAsync("large", string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i}\n")));

        var found = history.Disk.Find(large)!;

        Assert.Equal("large", Assert.Single(found.AffectedFiles).ToString());
        Assert.Equal(200_000, Assert.Single(Savepoint.Diffs.DiffStat.Of(found.Diff)).AddedLineCount);
        Assert.Empty(found.Contents);
        Assert.Null(history.Disk.FindLight(large));
    }
}
