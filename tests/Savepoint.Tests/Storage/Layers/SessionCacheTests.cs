using Savepoint.Model;
using Savepoint.Storage.Layers;
using Xunit;

namespace Savepoint.Tests.Storage.Layers;

/// <summary>L2.</summary>
public sealed class SessionCacheTests : MemoryLayerTests
{
    private protected override IMemoryLayer Empty(long maxBytes) => new SessionCache(maxBytes);

    [Fact]
    public async Task The_least_recently_used_leaves_first()
    {
        await using var history = await LayerHistory.OfEditsAsync(5);
        var operations = history.Operations();
        var cache = new SessionCache(WeightOf(operations[..4]));
        operations[..4].ForEach(operation => Assert.Empty(cache.Add(operation)));

        cache.Find(operations[0].Number);
        var shed = cache.Add(operations[4]);

        Assert.Equal(operations[1].Number, shed[0].Number);
        Assert.NotNull(cache.Find(operations[0].Number));
    }

    [Fact]
    public async Task A_thousand_operations_of_a_session_are_held_and_each_session_has_its_own_thousand()
    {
        await using var history = await LayerHistory.OfEditsAsync(1);
        var template = history.Operations()[0].Operation;
        var cache = new SessionCache(100_000_000);
        for (var number = 1; number <= SessionCache.MaxOperationsPerSession; number++)
        {
            Assert.Empty(cache.Add(Numbered(number, "s1")));
        }

        Assert.Empty(cache.Add(Numbered(5_000, "s2")));
        Assert.Equal(new SnapshotNumber(1), Assert.Single(cache.Add(Numbered(5_001, "s1"))).Number);
        Assert.Equal(1_001, cache.Use.Count);

        OperationSnapshot Numbered(long number, string session) =>
            OperationSnapshot.Create(template with { Number = new SnapshotNumber(number), Actor = new Actor("agent", session) }, history.Store.Contents, HeadMark.None);
    }

    [Fact]
    public async Task An_operation_added_again_is_held_once()
    {
        await using var history = await LayerHistory.OfEditsAsync(1);
        var cache = new SessionCache(100_000_000);
        cache.Add(history.Operations()[0]);
        var weight = cache.Use;

        cache.Add(history.Operations()[0]);

        Assert.Equal(weight, cache.Use);
    }
}
