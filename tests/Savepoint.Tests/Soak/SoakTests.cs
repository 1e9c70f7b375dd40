using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Soak;

/// <summary>Five short hours in a process of their own; <c>tests/soak/run</c> has the 24 long ones, and measures memory, for which these are too short.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Hours_of_work_leave_handles_and_the_store_where_they_were()
    {
        var said = await ChildProcess.RunAsync("soak", "4", "60", "700000");

        foreach (var line in said)
        {
            output.WriteLine(line);
        }

        Assert.Equal("verify: all is well", said[^1]);
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }
}
