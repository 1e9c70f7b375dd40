using Savepoint.Model;
using Savepoint.Storage.Layers;
using Xunit;

namespace Savepoint.Tests.Storage.Layers;

/// <summary>What every layer in memory promises beyond that: a budget, and that nothing leaves it unseen.</summary>
public abstract class MemoryLayerTests : SnapshotLayerTests
{
    private const long Ample = 100_000_000;

    /// <summary>An empty layer with a budget.</summary>
    private protected abstract IMemoryLayer Empty(long maxBytes);

    private protected override ISnapshotLayer Holding(LayerHistory history)
    {
        var layer = Empty(Ample);
        foreach (var operation in history.Operations())
        {
            Assert.Empty(layer.Add(operation));
        }

        return layer;
    }

    [Fact]
    public async Task What_was_added_is_held_or_was_shed_and_the_budget_is_kept()
    {
        await using var history = await LayerHistory.OfEditsAsync(40, lineCount: 200);
        var operations = history.Operations();
        var budget = WeightOf(operations) / 4;
        var layer = Empty(budget);
        var shed = new List<SnapshotNumber>();
        foreach (var operation in operations)
        {
            shed.AddRange(layer.Add(operation).Select(left => left.Number));

            Assert.InRange(layer.Use.SizeBytes, 1, budget);
        }

        var held = operations.Select(operation => operation.Number).Where(number => layer.Find(number) is not null).ToList();
        Assert.NotEmpty(shed);
        Assert.Equal(operations.Select(operation => operation.Number), shed.Concat(held));
    }

    [Fact]
    public async Task A_trimmed_layer_holds_no_more_than_it_was_left_and_one_trimmed_to_nothing_holds_nothing()
    {
        await using var history = await LayerHistory.OfEditsAsync(20, lineCount: 200);
        var operations = history.Operations();
        var layer = (IMemoryLayer)Holding(history);

        layer.Trim(layer.Use.SizeBytes / 2);
        Assert.NotNull(layer.Find(operations[^1].Number));
        Assert.Null(layer.Find(operations[0].Number));

        layer.Trim(0);
        Assert.Equal(0, layer.Use.SizeBytes);
        Assert.All(operations, operation => Assert.Null(layer.Find(operation.Number)));
    }

    [Fact]
    public async Task A_content_is_there_as_long_as_an_operation_that_names_it()
    {
        await using var history = await LayerHistory.OfEditsAsync(1);
        var first = await history.EditAsync("shared", "one\n");
        var second = await history.EditAsync("shared", "two\n");
        var one = ContentId.Of("one\n"u8);
        var layer = (IMemoryLayer)Holding(history);

        layer.Remove(first);
        Assert.Equal("one\n"u8.ToArray(), layer.FindContent(one));

        layer.Remove(second);
        Assert.Null(layer.FindContent(one));
        Assert.Null(layer.Find(second));
    }

    [Fact]
    public async Task An_operation_too_large_for_memory_is_shed_at_once_and_nothing_else_is()
    {
        await using var history = await LayerHistory.OfEditsAsync(2);
        var large = await history.EditAsync("large", new string('x', (int)OperationSnapshot.MaxHeldBytes + 1));
        var layer = Empty(Ample);
        var operations = history.Operations();

        var shed = operations.SelectMany(layer.Add).ToList();

        Assert.Equal(large, Assert.Single(shed).Number);
        Assert.NotNull(layer.Find(operations[0].Number));
    }

    /// <summary>What the operations weigh in a layer that holds them all.</summary>
    private protected static long WeightOf(IEnumerable<OperationSnapshot> operations)
    {
        var cache = new SessionCache(Ample);
        foreach (var operation in operations)
        {
            cache.Add(operation);
        }

        return cache.Use.SizeBytes;
    }
}
