using CsCheck;
using Savepoint.Model;
using Savepoint.Tests.Recording;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Linux;
using Savepoint.Workspaces.Portable;
using Savepoint.Workspaces.Scanning;
using Xunit;

namespace Savepoint.Tests.Workspaces.Scanning;

/// <summary>Scans with an index find what scans without one do, on both back ends, and whatever has become of the index.</summary>
public sealed class ScanLawTests
{
    private const int StepCount = 12;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_scan_finds_the_same_with_an_index_as_without(bool isPortable) => Gen.Int.Sample(
        seed =>
        {
            using var folder = new TemporaryFolder();
            using var tree = Open(folder.Path, isPortable);
            var random = new Random(seed);
            var disk = new DiskTree(folder.Path, random);
            var harness = new ScanHarness(tree, TimeProvider.System);
            var indices = new List<byte[]>();
            for (var step = 0; step < StepCount; step++)
            {
                for (var edits = random.Next(4); edits > 0; edits--)
                {
                    disk.Edit();
                }

                Damage(harness, indices, random);
                var expected = harness.Peek();
                Assert.Equal(expected, harness.Capture());
                Assert.Equal(disk.Read().Keys, harness.States.Keys.Order().Select(path => path.ToString()));
                Assert.Empty(harness.Capture());
                indices.Add(harness.Index);
            }
        },
        iter: isPortable ? 10 : 30,
        threads: 1);

    [Fact]
    public void Any_flipped_bit_makes_an_index_useless()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/b", "x");
        folder.Write("c", "y");
        using var tree = WorkspaceTree.Open(folder.Path);
        var harness = new ScanHarness(tree, TestClock.Settled);
        harness.Capture();

        Assert.NotNull(ScanIndex.TryRead(harness.Index));
        for (var bit = 0; bit < harness.Index.Length * 8; bit++)
        {
            var bytes = (byte[])harness.Index.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(ScanIndex.TryRead(bytes));
        }

        for (var length = 0; length < harness.Index.Length; length++)
        {
            Assert.Null(ScanIndex.TryRead(harness.Index[..length]));
        }
    }

    [Fact]
    public void What_has_not_changed_is_not_read_again()
    {
        using var folder = new TemporaryFolder();
        folder.Write("same", "1");
        folder.Write("other", "2");
        using var tree = WorkspaceTree.Open(folder.Path);
        var harness = new ScanHarness(tree, TestClock.Settled);
        harness.Capture();
        folder.Write("other", "3");

        harness.Capture();

        Assert.Equal([ContentId.Of("3"u8)], harness.Read);
    }

    [Fact]
    public void The_index_of_another_head_still_tells_what_the_files_are()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a", "1");
        folder.Write("b", "2");
        using var tree = WorkspaceTree.Open(folder.Path);
        var harness = new ScanHarness(tree, TestClock.Settled);
        harness.Capture();
        var old = harness.Index;
        folder.Write("a", "3");
        harness.Capture();
        harness.Index = old;

        Assert.Empty(harness.Capture());

        Assert.Equal([ContentId.Of("3"u8)], harness.Read);
    }

    [Fact]
    public void The_files_of_a_moved_directory_are_not_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It takes inode numbers.");
        using var folder = new TemporaryFolder();
        folder.Write("from/a", "1");
        folder.Write("from/deep/b", "2");
        using var tree = WorkspaceTree.Open(folder.Path);
        var harness = new ScanHarness(tree, TestClock.Settled);
        harness.Capture();
        Directory.Move(folder["from"], folder["to"]);

        var changes = harness.Capture();

        Assert.Equal(["Rename to/a", "Rename to/deep/b"], changes.Where(change => change.OldPath is not null).Select(change => $"{change.Kind} {change.Path}"));
        Assert.Equal(6, changes.Count); // two directories went and two came
        Assert.Empty(harness.Read);
    }

    [Fact]
    public void An_edit_that_keeps_size_and_time_is_seen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It takes the time of the last change.");
        using var folder = new TemporaryFolder();
        var file = folder.Write("a", "1");
        using var tree = WorkspaceTree.Open(folder.Path);
        var harness = new ScanHarness(tree, TestClock.Settled);
        harness.Capture();
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "2");
        File.SetLastWriteTimeUtc(file, time);

        Assert.Equal(["a"], harness.Capture().Select(change => change.Path.ToString()));
    }

    [Fact]
    public void Edits_within_one_tick_of_the_clock_are_seen()
    {
        using var folder = new TemporaryFolder();
        using var tree = WorkspaceTree.Open(folder.Path);
        var harness = new ScanHarness(tree, TimeProvider.System);
        for (var i = 0; i < 300; i++)
        {
            folder.Write("a", i.ToString("d3", null));
            Assert.Single(harness.Capture());
        }
    }

    [Fact]
    public void A_clock_that_was_set_back_hides_no_edit()
    {
        using var folder = new TemporaryFolder();
        using var tree = WorkspaceTree.Open(folder.Path);
        var harness = new ScanHarness(tree, new TestClock(-TimeSpan.FromHours(1)));
        for (var i = 0; i < 50; i++)
        {
            File.SetLastWriteTimeUtc(folder.Write("a", i.ToString("d3", null)), DateTime.UnixEpoch.AddYears(80));
            Assert.Single(harness.Capture());
        }
    }

    private static WorkspaceTree Open(string root, bool isPortable) => isPortable ? PortableTree.Open(root) : LinuxTree.Open(root);

    private static void Damage(ScanHarness harness, List<byte[]> indices, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                harness.Index = [];
                break;
            case 1 when indices.Count > 0:
                harness.Index = indices[random.Next(indices.Count)];
                break;
            case 2 when harness.Index.Length > 0:
                harness.Index = [.. harness.Index];
                harness.Index[random.Next(harness.Index.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 3 when harness.Index.Length > 0:
                harness.Index = harness.Index[..random.Next(harness.Index.Length)];
                break;
        }
    }
}
