using Savepoint.Experiments;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Experiments;

/// <summary>The number that a metric's command is about.</summary>
public sealed class MetricOutputTests
{
    [Theory]
    [InlineData("42", 42.0, "")]
    [InlineData("42\n\n", 42.0, "")]
    [InlineData("  12 src/a.c\n", 12.0, "")]
    [InlineData("checked 3 files\nscore: 0.93\n", 0.93, "")]
    [InlineData("size 1.5e3 bytes", 1500.0, "bytes")]
    [InlineData("took 12ms", 12.0, "ms")]
    [InlineData("-7", -7.0, "")]
    [InlineData("100\ndone", 100.0, "")]
    [InlineData("v2: 9", 9.0, "")]
    [InlineData("gcc 14.2.0 says 5", 5.0, "")]
    public void The_last_line_with_a_number_has_it(string output, double value, string unit) => Assert.Equal((value, unit), MetricOutput.Read(output));

    [Theory]
    [InlineData("")]
    [InlineData("nothing at all\n")]
    [InlineData("v2")]
    public void No_number_is_none(string output) => Assert.Null(MetricOutput.Read(output));

    [Theory]
    [InlineData("ms", MetricDirection.Minimize)]
    [InlineData("ns/op", MetricDirection.Minimize)]
    [InlineData("", MetricDirection.Minimize)]
    [InlineData("ops/s", MetricDirection.Maximize)]
    [InlineData("MB/s", MetricDirection.Maximize)]
    public void A_rate_is_better_if_there_is_more_of_it(string unit, MetricDirection direction) => Assert.Equal(direction, MetricDirections.Of(unit));
}
