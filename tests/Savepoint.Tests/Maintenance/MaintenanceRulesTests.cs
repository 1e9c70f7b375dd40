using Savepoint.Maintenance;
using Xunit;

namespace Savepoint.Tests.Maintenance;

public sealed class MaintenanceRulesTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 3600, "")]
    [InlineData(99, 0, 0, 0, 30, "")]
    [InlineData(100, 0, 0, 0, 30, "Compact")]
    [InlineData(100, 0, 0, 0, 29, "")]
    [InlineData(499, 0, 499, 0, 30, "")]
    [InlineData(500, 0, 500, 0, 30, "CleanUp")]
    [InlineData(500, 0, 500, 0, 29, "")]
    [InlineData(10_000, 9_600, 10_000, 0, 30, "")]
    [InlineData(0, 0, 0, 1024 * 1024, 0, "FoldLog")]
    [InlineData(0, 0, 0, 1024 * 1024 - 1, 0, "")]
    [InlineData(5_000, 0, 0, 2_000_000, 60, "FoldLog Compact CleanUp")]
    public void Work_is_worth_it_when_enough_is_new_and_nobody_records(long newest, long cleanedUpTo, long compactedUpTo, long logBytes, int idleSeconds, string expected)
    {
        var decided = MaintenanceRules.Decide(new StoreMarks(newest, cleanedUpTo, compactedUpTo, logBytes), TimeSpan.FromSeconds(idleSeconds));

        Assert.Equal(expected, string.Join(' ', decided));
    }
}
