using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

/// <summary>The seed's thresholds, 80, 120 and 150 MB, and what each leaves.</summary>
public sealed class MemoryBudgetTests
{
    [Theory]
    [InlineData(0, MemoryLevel.Normal)]
    [InlineData(79_999_999, MemoryLevel.Normal)]
    [InlineData(80_000_000, MemoryLevel.Warning)]
    [InlineData(119_999_999, MemoryLevel.Warning)]
    [InlineData(120_000_000, MemoryLevel.Critical)]
    [InlineData(149_999_999, MemoryLevel.Critical)]
    [InlineData(150_000_000, MemoryLevel.Emergency)]
    [InlineData(long.MaxValue, MemoryLevel.Emergency)]
    public void A_total_means_a_level(long bytes, MemoryLevel level) => Assert.Equal(level, MemoryBudget.Default.LevelOf(bytes));

    [Fact]
    public void A_step_leaves_the_total_below_every_threshold_that_could_have_caused_it()
    {
        var budget = MemoryBudget.Default;
        foreach (var (level, most) in new[] { (MemoryLevel.Warning, budget.CriticalBytes), (MemoryLevel.Critical, budget.EmergencyBytes), (MemoryLevel.Emergency, long.MaxValue) })
        {
            Assert.Equal(MemoryLevel.Normal, budget.LevelOf((long)(most * MemoryBudget.ShareLeftBy(level))));
        }
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 3)]
    [InlineData(1, 3, 2)]
    public async Task Thresholds_out_of_order_are_refused(long warning, long critical, long emergency)
    {
        using var workspace = new Workspace();
        var options = workspace.Options with { Memory = new MemoryBudget { WarningBytes = warning, CriticalBytes = critical, EmergencyBytes = emergency } };

        var failure = await Assert.ThrowsAsync<SavepointException>(() => SnapshotManager.InitAsync(workspace.Root, options));

        Assert.Equal(ErrorCode.InvalidSettings, failure.Code);
    }
}
