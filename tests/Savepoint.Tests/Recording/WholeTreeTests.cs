using CsCheck;
using Savepoint.Model;
using Savepoint.Tests.Storage;
using Savepoint.Tests.Workspaces.Scanning;
using Xunit;

namespace Savepoint.Tests.Recording;

/// <summary>Captures of whole trees: whatever stands in the way, they end with what stands in the tree.</summary>
public sealed class WholeTreeTests
{
    [Fact]
    public Task A_damaged_index_file_changes_no_capture() => Gen.Int.SampleAsync(
        async seed =>
        {
            using var workspace = new Workspace();
            var random = new Random(seed);
            var disk = new DiskTree(workspace.Root, random);
            await using var manager = await workspace.InitAsync();
            var index = Path.Combine(manager.StoreDirectory, "index-main");
            var copies = new List<byte[]>();
            for (var step = 0; step < 15; step++)
            {
                disk.Edit();
                disk.Edit();
                if (File.Exists(index))
                {
                    copies.Add(await File.ReadAllBytesAsync(index));
                    await File.WriteAllBytesAsync(index, Damaged(copies, random));
                }

                await File.WriteAllBytesAsync(index + "-turns", copies.Count > 0 && random.Next(2) == 0 ? copies[0][..random.Next(copies[0].Length)] : []);
                await manager.CaptureAsync(random.Next(4) == 0 ? [WorkspacePath.Parse("a")] : null);
                await manager.CaptureAsync();
                Assert.Equal(disk.Read(), DiskTree.Recorded(manager, manager.Head!.Value));
            }
        },
        iter: 12,
        threads: 2);

    [Fact]
    public async Task A_tiny_deadline_reaches_the_whole_tree_in_turn_and_takes_nothing_for_deleted()
    {
        using var workspace = new Workspace();
        Write(workspace, "old");
        workspace.Options = workspace.Options with { ScanDeadline = TimeSpan.FromTicks(1) };
        await using var manager = await workspace.InitAsync();
        var disk = new DiskTree(workspace.Root, new Random(1));
        Write(workspace, "new");
        Directory.Delete(workspace.At("folder 3"), recursive: true);

        // Each gets at least one directory, and reads at least one file of it.
        var captures = 0;
        do
        {
            var result = await manager.CaptureAsync();
            Assert.False(result.Coverage.IsComplete);
            Assert.All(
                (result.Snapshot?.Changes ?? []).Where(change => change.After.IsAbsent),
                change => Assert.StartsWith("folder 3", change.Path.ToString(), StringComparison.Ordinal));
            Assert.InRange(++captures, 1, 5000);
        }
        while (!disk.Read().SequenceEqual(DiskTree.Recorded(manager, manager.Head!.Value)));

        Assert.InRange(captures, 10, 5000);
    }

    [Fact]
    public async Task A_directory_too_large_for_one_scan_is_reached_in_parts()
    {
        using var workspace = new Workspace();
        await using (await workspace.InitAsync())
        {
        }

        workspace.Options = workspace.Options with { ScanDeadline = TimeSpan.FromTicks(1) };
        for (var i = 0; i < 1000; i++)
        {
            Directory.CreateDirectory(workspace.At($"large/{i}")); // directories, so that all that is found is recorded
        }

        await using var manager = await workspace.OpenAsync();
        var found = new HashSet<WorkspacePath>();
        for (var captures = 0; found.Count < 1000; captures++)
        {
            var result = await manager.CaptureAsync();
            found.UnionWith((result.Snapshot?.Changes ?? []).Select(change => change.Path).Where(path => !path.Parent.IsRoot));
            Assert.InRange(captures, 0, 20);
        }
    }

    [Fact]
    public async Task Files_that_change_during_captures_are_recorded_as_they_end()
    {
        using var workspace = new Workspace();
        var disk = new DiskTree(workspace.Root, new Random(3));
        await using var manager = await workspace.InitAsync();
        using var stop = new CancellationTokenSource();
        var edits = Task.Run(
            () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    disk.Edit();
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 30; i++)
        {
            await manager.CaptureAsync();
        }

        await stop.CancelAsync();
        await edits;
        await manager.CaptureAsync();

        Assert.Equal(disk.Read(), DiskTree.Recorded(manager, manager.Head!.Value));
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task A_move_across_directories_stores_nothing()
    {
        using var workspace = new Workspace();
        workspace.Options = workspace.Options with { Time = TestClock.Settled };
        workspace.Write("from/a", "some text");
        workspace.Write("b", "other text");
        await using var manager = await workspace.InitAsync();
        var database = Path.Combine(manager.StoreDirectory, "store.db");
        var stored = Sql.Scalar(database, "SELECT count(*) FROM contents");
        Directory.Move(workspace.At("from"), workspace.At("to"));
        File.Move(workspace.At("b"), workspace.At("to/b"));

        var result = await manager.CaptureAsync();

        Assert.Equal(["from/a -> to/a", "b -> to/b"], result.Snapshot!.Changes.Where(change => change.Kind == ChangeKind.Rename).Select(change => $"{change.OldPath} -> {change.Path}"));
        Assert.Equal(4, result.Snapshot.Changes.Count);
        Assert.Equal(stored, Sql.Scalar(database, "SELECT count(*) FROM contents"));
    }

    private static void Write(Workspace workspace, string text)
    {
        for (var i = 0; i < 40; i++)
        {
            workspace.Write($"folder {i % 8}/deep/{i}", $"{text} {i}");
        }

        workspace.Write("top", text);
    }

    private static byte[] Damaged(List<byte[]> copies, Random random)
    {
        byte[] bytes = [.. copies[random.Next(copies.Count)]];
        switch (random.Next(4))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            case 2:
                random.NextBytes(bytes);
                return bytes;
            default:
                return bytes;
        }
    }
}
