using Savepoint.Maintenance;
using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Maintenance;

public sealed class PerformanceOptimizerTests
{
    private readonly Account _small = new("small");
    private readonly Account _large = new("large");

    [Fact]
    public void Below_the_first_threshold_nothing_is_let_go()
    {
        (_small.Bytes, _large.Bytes) = (9, 70);

        Assert.Null(Optimizer().Check());
        Assert.Equal(79, _small.Bytes + _large.Bytes);
    }

    [Theory]
    [InlineData(80, MemoryLevel.Warning, 40)]
    [InlineData(120, MemoryLevel.Critical, 30)]
    [InlineData(150, MemoryLevel.Emergency, 0)]
    public void Past_a_threshold_every_account_gives_its_share(long bytes, MemoryLevel level, long left)
    {
        (_small.Bytes, _large.Bytes) = (bytes / 10, bytes - (bytes / 10));
        var optimizer = Optimizer();

        var step = optimizer.Check();

        Assert.NotNull(step);
        Assert.Equal((level, bytes, left), (step.Level, step.BytesBefore, step.BytesAfter));
        Assert.Equal(left, _small.Bytes + _large.Bytes);
        Assert.Equal(bytes - left, step.BytesFreed);
        Assert.Null(optimizer.Check());
        Assert.Equal([("small", _small.Bytes), ("large", _large.Bytes)], optimizer.Balance());
    }

    private PerformanceOptimizer Optimizer() =>
        new(new MemoryBudget { WarningBytes = 80, CriticalBytes = 120, EmergencyBytes = 150 }, [_small, _large], TimeProvider.System);

    private sealed class Account(string name) : IMemoryAccount
    {
        public string Name => name;

        public long Bytes { get; set; }

        public void Trim(long maxBytes) => Bytes = Math.Min(Bytes, maxBytes);
    }
}
