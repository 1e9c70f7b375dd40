using System.Globalization;
using Savepoint.Tests.Processes;
using Savepoint.Tests.Workspaces;
using Xunit;

namespace Savepoint.Tests.Fidelity;

/// <summary>A file larger than the memory that any verb may take. <c>bench/run large</c> has the same with 1 GB.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const long SizeBytes = 200_000_000;
    private const long MaxMemoryBytes = 150_000_000;

    /// <summary>Two chunks of the largest size, their list and their pages.</summary>
    private const long MaxGrowthBytes = 10_000_000;

    private readonly TemporaryFolder _folder = new();
    private readonly NativeCommand _savepoint;

    public LargeFileTests()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(_folder["home"]);
        Write(Large);
        _savepoint = new NativeCommand(Root, _folder["home"]);
    }

    private string Root => _folder["work"];

    private string Large => Path.Combine(Root, "large");

    private long StoreBytes => new DirectoryInfo(_folder["home"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    [Fact]
    public void No_verb_takes_more_memory_for_it_than_for_a_small_one()
    {
        var first = Manifest.OfTree(Root);
        Run("init");
        Change(Large, SizeBytes / 2, "changed"u8);
        var second = Manifest.OfTree(Root);
        Run("capture");
        Assert.Contains("Binary files", Run("diff", "1", "2", "--json").Output);
        Run("diff", "1", "2", "--stat");
        Run("rollback", "1");
        Assert.Equal(first, Manifest.OfTree(Root));
        Run("undo");
        Assert.Equal(second, Manifest.OfTree(Root));
        Run("verify", "--deep");
    }

    [Fact]
    public void A_change_in_the_middle_and_bytes_put_in_at_the_front_cost_a_few_chunks()
    {
        Run("init");
        var before = StoreBytes;
        Change(Large, SizeBytes / 2, "changed"u8);
        Run("capture", "large");
        Assert.InRange(StoreBytes - before, 1, MaxGrowthBytes);

        before = StoreBytes;
        Shell.Run(Root, "{ printf 'put in at the front'; cat large; } > aside && mv aside large");
        Run("capture");
        Assert.InRange(StoreBytes - before, 1, MaxGrowthBytes);
    }

    [Fact]
    public void A_sparse_file_comes_back_with_its_bytes()
    {
        Shell.Run(Root, "rm large && truncate -s 100M sparse && printf middle | dd of=sparse bs=1 seek=50000000 conv=notrunc status=none");
        var tree = Manifest.OfTree(Root);
        Run("init");
        Assert.InRange(StoreBytes, 1, MaxGrowthBytes);

        File.Delete(Path.Combine(Root, "sparse"));
        Run("rollback", "1");

        Assert.Equal(tree, Manifest.OfTree(Root));
    }

    public void Dispose() => _folder.Dispose();

    private NativeCommand.Ended Run(params string[] arguments)
    {
        var ended = _savepoint.Do(arguments);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', arguments)}: {ended.PeakBytes / 1e6:0} MB"));
        Assert.True(ended.PeakBytes <= MaxMemoryBytes, $"{string.Join(' ', arguments)} took {ended.PeakBytes:N0} bytes.");
        return ended;
    }

    private static void Change(string path, long position, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenWrite(path);
        file.Position = position;
        file.Write(bytes);
    }

    /// <summary>A fifth of it noise, so that most of the test's time is not the compressor's.</summary>
    private static void Write(string path)
    {
        var random = new Random(1);
        var block = new byte[1_000_000];
        using var file = File.Create(path);
        for (long written = 0; written < SizeBytes; written += block.Length)
        {
            random.NextBytes(block.AsSpan(0, block.Length / 5));
            file.Write(block);
        }
    }
}
