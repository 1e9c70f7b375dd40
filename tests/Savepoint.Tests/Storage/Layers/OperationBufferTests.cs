using Savepoint.Model;
using Savepoint.Storage.Layers;
using Xunit;

namespace Savepoint.Tests.Storage.Layers;

/// <summary>L1.</summary>
public sealed class OperationBufferTests : MemoryLayerTests
{
    private protected override IMemoryLayer Empty(long maxBytes) => new OperationBuffer(maxBytes);

    [Fact]
    public async Task Exactly_fifty_operations_are_held_and_the_oldest_is_shed_for_the_next()
    {
        await using var history = await LayerHistory.OfEditsAsync(51);
        var operations = history.Operations();
        var buffer = new OperationBuffer(100_000_000);
        foreach (var operation in operations[..50])
        {
            Assert.Empty(buffer.Add(operation)); // the seed's own sketch sheds one here
        }

        Assert.Equal(50, buffer.Count);
        Assert.Same(operations[0], Assert.Single(buffer.Add(operations[50])));
        Assert.Equal(50, buffer.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    public async Task The_last_ones_are_given_newest_first_wherever_the_ring_begins(int count)
    {
        await using var history = await LayerHistory.OfEditsAsync(63);
        var operations = history.Operations();
        var buffer = new OperationBuffer(100_000_000);
        operations.ForEach(operation => buffer.Add(operation));

        Assert.Equal(operations.AsEnumerable().Reverse().Take(count), buffer.GetLast(count).Select(slot => slot.Operation));
    }

    [Fact]
    public async Task Fewer_are_given_where_there_are_fewer()
    {
        await using var history = await LayerHistory.OfEditsAsync(3);
        var buffer = new OperationBuffer(100_000_000);

        Assert.Empty(buffer.GetLast(50));
        history.Operations().ForEach(operation => buffer.Add(operation));

        Assert.Equal([4L, 3L, 2L], buffer.GetLast(50).Select(slot => slot.Number.Value));
    }

    [Fact]
    public async Task One_that_memory_does_not_hold_keeps_its_place_among_the_fifty()
    {
        await using var history = await LayerHistory.OfEditsAsync(2);
        var buffer = new OperationBuffer(100_000_000);
        buffer.Add(history.Operations()[0]);
        buffer.Add(new SnapshotNumber(3), null);

        Assert.Equal([3L, 2L], buffer.GetLast(50).Select(slot => slot.Number.Value));
        Assert.Null(buffer.Find(new SnapshotNumber(3)));
        Assert.Equal(new SnapshotNumber(3), buffer.Newest);
    }

    [Fact]
    public async Task What_does_not_follow_is_refused()
    {
        await using var history = await LayerHistory.OfEditsAsync(2);
        var buffer = new OperationBuffer(100_000_000);
        buffer.Add(history.Operations()[1]);

        Assert.Throws<ArgumentException>(() => buffer.Add(history.Operations()[0]));
    }
}
