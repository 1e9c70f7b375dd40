using Savepoint.Model;
using Savepoint.Storage.Milestones;
using Xunit;

namespace Savepoint.Tests.Storage.Milestones;

/// <summary>A flipped bit anywhere in an archive is found, and costs what docs/file-format.md says and no more.</summary>
public sealed class MilestoneDamageTests
{
    [Fact]
    public async Task A_flipped_bit_anywhere_is_found()
    {
        using var history = new ArchivedHistory(seed: 7);
        await using var manager = await history.InitAsync(files: 10);
        await history.WorkAsync(manager, steps: 10);
        var file = (await manager.MilestoneAsync("m", manager.Head!.Value)).Archive.File;
        var whole = await File.ReadAllBytesAsync(file);

        var unnoticed = new List<int>();
        for (var at = 0; at < whole.Length; at += Math.Max(1, whole.Length / 400))
        {
            Flip(file, whole, at);
            if (manager.Verify(deep: true).IsClean)
            {
                unnoticed.Add(at);
            }
        }

        Assert.Empty(unnoticed);
    }

    [Theory]
    [InlineData(nameof(BlockKind.Manifest))]
    [InlineData(nameof(BlockKind.Summary))]
    [InlineData(nameof(BlockKind.Verifications))]
    public async Task A_damaged_block_of_these_kinds_costs_no_state(string kind)
    {
        using var history = new ArchivedHistory(seed: 8);
        await using var manager = await history.InitAsync(files: 10);
        await history.WorkAsync(manager, steps: 5);
        var number = manager.Head!.Value;
        await manager.MilestoneAsync("m", number);
        var expected = manager.TreeAt(number).OrderBy(entry => entry.Key).ToList();

        Damage(history.Folder, number, Enum.Parse<BlockKind>(kind));

        using var archives = new MilestoneStore(history.Folder);
        Assert.Equal(expected, archives.StateAt(number).OrderBy(entry => entry.Key));
        Assert.All(expected.Select(entry => entry.Value.ContentId).OfType<ContentId>(), id => Assert.Equal(id, ContentId.Of(archives.Read(id))));
    }

    [Theory]
    [InlineData(0)] // the signature
    [InlineData(-1)] // the end mark
    [InlineData(-10)] // where the directory is
    [InlineData(-20)] // the directory
    [InlineData(10)] // the first block's header
    public async Task A_damaged_frame_of_the_file_costs_no_state(int at)
    {
        using var history = new ArchivedHistory(seed: 9);
        await using var manager = await history.InitAsync(files: 10);
        await history.WorkAsync(manager, steps: 5);
        var number = manager.Head!.Value;
        var file = (await manager.MilestoneAsync("m", number)).Archive.File;
        var expected = manager.TreeAt(number).OrderBy(entry => entry.Key).ToList();

        var whole = await File.ReadAllBytesAsync(file);
        Flip(file, whole, at < 0 ? whole.Length + at : at);

        using var archives = new MilestoneStore(history.Folder);
        Assert.Equal(expected, archives.StateAt(number).OrderBy(entry => entry.Key));
        Assert.All(expected.Select(entry => entry.Value.ContentId).OfType<ContentId>(), id => Assert.Equal(id, ContentId.Of(archives.Read(id))));
        Assert.NotNull(archives.Open(number).File.Problem);
    }

    [Fact]
    public async Task A_damaged_pack_costs_the_contents_in_it_and_no_other()
    {
        using var workspace = new Workspace();
        workspace.Write("a", new byte[1_000]);
        workspace.Write("b", System.Security.Cryptography.RandomNumberGenerator.GetBytes(PackStream.MaxPackBytes)); // a pack of its own
        await using var manager = await workspace.InitAsync();
        var number = manager.Head!.Value;
        var folder = Path.GetDirectoryName((await manager.MilestoneAsync("m", number)).Archive.File)!;

        Damage(folder, number, BlockKind.Pack);

        using var archives = new MilestoneStore(folder);
        var state = archives.StateAt(number);
        Assert.Equal(ErrorCode.Damaged, Assert.Throws<SavepointException>(() => archives.Read(state[WorkspacePath.Parse("a")].ContentId!.Value)).Code);
        Assert.Equal(PackStream.MaxPackBytes, archives.Read(state[WorkspacePath.Parse("b")].ContentId!.Value).Length);
        Assert.Contains(manager.Verify(deep: true).Problems, problem => problem.Contains("1 of its 2 contents", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_label_whose_archive_is_gone_is_named()
    {
        using var history = new ArchivedHistory(seed: 10);
        await using var manager = await history.InitAsync(files: 2);
        var done = await manager.MilestoneAsync("gone", manager.Head!.Value);

        File.Delete(done.Archive.File);

        Assert.Contains(manager.Verify().Problems, problem => problem.StartsWith("milestone gone", StringComparison.Ordinal));
    }

    private static void Damage(string folder, SnapshotNumber number, BlockKind kind)
    {
        var file = MilestoneFile.PathOf(folder, number);
        long at;
        using (var open = MilestoneFile.Open(file))
        {
            var block = open.Blocks.First(block => block.Kind == kind);
            at = block.OffsetBytes + MilestoneBlock.HeaderBytes + (block.DataBytes / 2);
        }

        Flip(file, File.ReadAllBytes(file), (int)at);
    }

    private static void Flip(string file, byte[] whole, int at)
    {
        var damaged = whole.ToArray();
        damaged[at] ^= 0x10;
        File.WriteAllBytes(file, damaged);
    }
}
