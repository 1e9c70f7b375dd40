using System.Security.Cryptography;
using Savepoint.Model;
using Savepoint.Storage.Milestones;
using Xunit;

namespace Savepoint.Tests.Storage.Milestones;

/// <summary>Archives read without the database, against sums taken from the tree; and what names, clean-up and damage do to them.</summary>
public sealed class MilestoneStoreTests
{
    [Fact]
    public async Task Every_file_of_every_state_is_read_from_archives_alone()
    {
        using var history = new ArchivedHistory(seed: 1);
        await using (var manager = await history.InitAsync(files: 60))
        {
            for (var i = 0; i < 18; i++) // past the sixteenth, whose manifest skips back
            {
                await history.WorkAsync(manager, steps: 4);
                await manager.MilestoneAsync($"m{i}", manager.Head!.Value);
            }
        }

        File.Delete(history.Database);

        using var archives = new MilestoneStore(history.Folder);
        Assert.Equal(18, archives.Numbers().Count);
        Assert.All(history.Manifests, recorded => Assert.Equal(recorded.Value, ReadAll(archives, recorded.Key)));
    }

    [Fact]
    public async Task Whoever_reads_an_archive_reads_on_when_the_store_lets_go_of_it()
    {
        using var history = new ArchivedHistory(seed: 1);
        await using var manager = await history.InitAsync(files: 5);
        await manager.MilestoneAsync("first", manager.Head!.Value);
        using var archives = new MilestoneStore(history.Folder);
        var archive = archives.Open(manager.Head!.Value);

        archives.Forget();

        Assert.NotEmpty(archive.Snapshots());
        Assert.NotEmpty(archive.Manifest());
    }

    [Fact]
    public async Task An_archive_says_what_the_store_says()
    {
        using var history = new ArchivedHistory(seed: 2);
        await using var manager = await history.InitAsync(files: 20);
        await history.WorkAsync(manager, steps: 30);
        var expected = Enumerable.Range(1, 31).Select(number => manager.GetSnapshot(new SnapshotNumber(number))).ToList();
        var verified = await manager.RecordVerificationAsync(new SnapshotNumber(9), BuildResult.Passed, new TestCounts(10, 0, 1), [new Figure("start", 12.5, "ms")]);
        await manager.MilestoneAsync("first", new SnapshotNumber(11));
        await manager.MilestoneAsync("second", manager.Head!.Value);

        var (first, second) = (manager.LoadMilestone(new SnapshotNumber(11)), manager.LoadMilestone(manager.Head!.Value));

        Assert.Equal(expected.Select(Flat), first.CompressedHistory.Snapshots.Concat(second.CompressedHistory.Snapshots).Select(Flat));
        Assert.Equal(manager.TreeAt(manager.Head!.Value).OrderBy(entry => entry.Key), second.ProjectState.Entries.OrderBy(entry => entry.Key));
        Assert.Equal(manager.TreeAt(manager.Head!.Value).Count, second.Statistics.EntryCount);
        Assert.Equal((verified.Id, verified.Tests), (first.QualityMetrics.Verifications.Single().Id, first.QualityMetrics.Verifications.Single().Tests));
        Assert.Empty(second.QualityMetrics.Verifications);
        Assert.Equal(12.5, second.PerformanceBaseline.Figures.Single().Value);
        Assert.Equal(new SnapshotNumber(9), second.PerformanceBaseline.Snapshot);
        Assert.Equal(new SnapshotNumber(11), second.CompressedHistory.Parent);
    }

    [Fact]
    public async Task A_large_file_lies_in_several_packs()
    {
        using var workspace = new Workspace();
        var large = RandomNumberGenerator.GetBytes(PackStream.MaxPackBytes + 5_000_000);
        workspace.Write("a", "small before\n");
        workspace.Write("b", large);
        workspace.Write("c", "small after\n");
        await using var manager = await workspace.InitAsync();
        var done = await manager.MilestoneAsync("m", manager.Head!.Value);

        using var archives = new MilestoneStore(Path.GetDirectoryName(done.Archive.File)!);
        Assert.Equal(large, archives.Read(ContentId.Of(large)));
        Assert.Equal("small after\n"u8, archives.Read(ContentId.Of("small after\n"u8)));
        Assert.Equal("small before\n"u8, archives.Read(ContentId.Of("small before\n"u8)));
    }

    [Fact]
    public async Task A_state_that_is_archived_already_only_gets_its_name()
    {
        using var history = new ArchivedHistory(seed: 3);
        await using var manager = await history.InitAsync(files: 5);
        await history.WorkAsync(manager, steps: 5);

        var first = await manager.MilestoneAsync("whole", manager.Head!.Value);
        var again = await manager.MilestoneAsync("again", manager.Head!.Value);
        var inside = await manager.MilestoneAsync("inside", new SnapshotNumber(3));

        Assert.False(first.WasArchived);
        Assert.True(again.WasArchived && inside.WasArchived);
        Assert.Equal(first.Archive.File, inside.Archive.File);
        Assert.Single(manager.Milestones());
        Assert.Equal(LabelKind.Milestone, manager.Labels()[^1].Kind);
    }

    [Fact]
    public async Task A_clean_up_packs_better_what_stays_and_deletes_what_no_label_needs()
    {
        using var history = new ArchivedHistory(seed: 4);
        await using var manager = await history.InitAsync(files: 30);
        foreach (var name in (string[])["one", "two", "three"])
        {
            await history.WorkAsync(manager, steps: 3);
            await manager.MilestoneAsync(name, manager.Head!.Value);
        }

        File.WriteAllText(Path.Combine(history.Folder, "new"), "half a file of a process that died");
        manager.RemoveLabel("one"); // the second stands on it
        manager.RemoveLabel("three");
        var done = await manager.CleanUpAsync();

        Assert.Equal((1, 2), (done.FreedArchives, done.PackedArchives));
        Assert.Equal(["4.l3", "7.l3", "lock"], Directory.GetFiles(history.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(manager.Verify(deep: true).IsClean);
        using var archives = new MilestoneStore(history.Folder);
        Assert.All(Enumerable.Range(1, 7), number => Assert.Equal(history.Manifests[number], ReadAll(archives, number)));
        Assert.Equal((0, 0), ((await manager.CleanUpAsync()).PackedArchives, (await manager.CleanUpAsync()).FreedArchives));
    }

    [Fact]
    public async Task An_archive_of_another_history_is_not_stood_on()
    {
        using var history = new ArchivedHistory(seed: 5);
        using var other = new ArchivedHistory(seed: 6);
        await using var manager = await history.InitAsync(files: 3);
        await using var stranger = await other.InitAsync(files: 4);
        await stranger.MilestoneAsync("theirs", stranger.Head!.Value);
        Directory.CreateDirectory(history.Folder);
        File.Copy(Path.Combine(other.Folder, "1.l3"), Path.Combine(history.Folder, "1.l3"));

        await history.WorkAsync(manager, steps: 2);
        var done = await manager.MilestoneAsync("ours", manager.Head!.Value);

        Assert.Null(done.Archive.Parent);
        Assert.Equal(3, done.Archive.Statistics.SnapshotCount);
    }

    private static Dictionary<string, string> ReadAll(MilestoneStore archives, long number) => archives.StateAt(new SnapshotNumber(number))
        .Where(entry => entry.Value is FileState.Regular)
        .ToDictionary(entry => entry.Key.ToString(), entry => Convert.ToHexStringLower(SHA256.HashData(archives.Read(entry.Value.ContentId!.Value))));

    private static string Flat(Snapshot snapshot) =>
        $"{snapshot with { Changes = [], Coverage = Coverage.Empty, Elapsed = null }} {string.Join(' ', snapshot.Changes)} {snapshot.Coverage.IsComplete} {snapshot.Coverage.ScannedCount} {string.Join(' ', snapshot.Coverage.Skipped)}";
}
