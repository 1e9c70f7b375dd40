using System.Globalization;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Fidelity;

public sealed class LargeFileTests
{
    private const long SizeBytes = 300_000_000;
    private const long MaxMemoryBytes = 260_000_000; // 150 to 210 MB were seen; some 60 MB are .NET's own, much is garbage not yet collected

    [Fact]
    public async Task A_file_larger_than_the_memory_it_may_take_comes_back()
    {
        using var folder = new TemporaryFolder();
        var root = Directory.CreateDirectory(folder["work"]).FullName;
        Write(Path.Combine(root, "large"));
        var tree = Manifest.OfTree(root);

        var peakBytes = long.Parse(Assert.Single(await ChildProcess.RunAsync("large file", root, folder["stores"])), CultureInfo.InvariantCulture);

        Assert.Equal(tree, Manifest.OfTree(root));
        Assert.InRange(peakBytes, 1, MaxMemoryBytes);
    }

    /// <summary>A tenth of it noise, so that most of the test's time is not the compressor's.</summary>
    private static void Write(string path)
    {
        var random = new Random(1);
        var block = new byte[1_000_000];
        using var file = File.Create(path);
        for (long written = 0; written < SizeBytes; written += block.Length)
        {
            random.NextBytes(block.AsSpan(0, block.Length / 10));
            file.Write(block);
        }
    }
}
