using System.Runtime.Versioning;
using Savepoint.Checking.Running;
using Xunit;

namespace Savepoint.Tests.Checking;

/// <summary>Alone, since what others allocate meanwhile would count.</summary>
[Collection("The heap")]
[UnsupportedOSPlatform("windows")]
public sealed class CommandMemoryTests
{
    [Fact]
    public async Task Much_output_takes_no_memory()
    {
        var counted = new Counted();
        await RunAsync();
        var before = GC.GetTotalAllocatedBytes();

        await RunAsync();

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 20_000_000);
        Assert.Equal(200_000_000, counted.ByteCount);
        Task<CommandEnding> RunAsync() => new CommandRunner(TimeProvider.System).RunAsync(new ShellCommand("head -c 100000000 /dev/zero", Path.GetTempPath()), counted, CancellationToken.None);
    }

    private sealed class Counted : IOutputSink
    {
        public long ByteCount { get; private set; }

        public void Write(bool isError, ReadOnlySpan<byte> bytes) => ByteCount += bytes.Length;

        public void End()
        {
        }
    }
}
