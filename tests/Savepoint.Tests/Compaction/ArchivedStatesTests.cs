using Savepoint.Compaction;
using Savepoint.Model;
using Savepoint.Storage.Milestones;
using Xunit;

namespace Savepoint.Tests.Compaction;

/// <summary>What is archived stays archived, whatever compaction makes of the records in the database.</summary>
public sealed class ArchivedStatesTests
{
    private const int Newest = 50;

    [Fact]
    public async Task A_milestone_of_what_an_emergency_archived_replaces_nothing()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await EditAsync(history);
        await history.FillAsync(Newest);
        var states = history.States();
        await history.Manager.CompactAsync(CompactionLevel.Emergency);
        var archived = history.Manager.Labels().Single(label => label.Kind == LabelKind.Milestone).Snapshot;
        Assert.True(history.Manager.FindMerged(archived with { Value = archived.Value - 1 }) is { IsFreed: true });

        var again = await history.Manager.MilestoneAsync("again", archived);

        Assert.True(again.WasArchived);
        Check(history, states, upTo: archived);
    }

    [Fact]
    public async Task Milestones_made_after_their_snapshots_were_merged_stand_on_those_made_before()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        var made = new List<SnapshotNumber>();
        foreach (var name in (string[])["one", "two"])
        {
            await EditAsync(history);
            made.Add((await history.Manager.MilestoneAsync(name, history.Manager.Head!.Value)).Label.Snapshot);
        }

        await history.FillAsync(Newest);
        var states = history.States();
        await history.Manager.CompactAsync(CompactionLevel.Aggressive);

        Assert.True((await history.Manager.MilestoneAsync("one-again", made[0])).WasArchived);
        var third = await history.Manager.MilestoneAsync("three", history.Manager.Head!.Value);
        Assert.Equal(made[1], third.Archive.Parent);
        Check(history, states, upTo: third.Label.Snapshot);
    }

    [Fact]
    public async Task A_name_that_is_taken_keeps_no_emergency_from_archiving()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await EditAsync(history);
        var last = history.Manager.Head!.Value;
        await history.FillAsync(Newest);
        var states = history.States();
        history.Manager.AddLabel($"compacted-{last}", history.Manager.Head!.Value);

        await history.Manager.CompactAsync(CompactionLevel.Emergency);

        Check(history, states, upTo: last);
    }

    [Fact]
    public async Task An_emergency_frees_nothing_whose_archive_stands_on_one_that_is_gone()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        await EditAsync(history);
        var first = await history.Manager.MilestoneAsync("one", history.Manager.Head!.Value);
        await EditAsync(history);
        await history.Manager.MilestoneAsync("two", history.Manager.Head!.Value);
        await history.FillAsync(Newest);
        var states = history.States();
        File.Delete(first.Archive.File);
        await using var manager = await history.OpenAsync();

        var refused = await Assert.ThrowsAsync<SavepointException>(() => manager.CompactAsync(CompactionLevel.Emergency));

        Assert.Equal(ErrorCode.Damaged, refused.Code);
        Assert.Equal(states.Count, history.States().Count);
    }

    [Fact]
    public async Task An_archive_of_another_history_is_not_replaced()
    {
        using var history = await RecordedHistory.WriteAsync([]);
        using var other = await RecordedHistory.WriteAsync([]);
        await EditAsync(history);
        await other.FillAsync((int)history.Manager.Head!.Value.Value - 1);
        Assert.Equal(history.Manager.Head, other.Manager.Head);
        var foreign = (await other.Manager.MilestoneAsync("theirs", other.Manager.Head!.Value)).Archive.File;
        var place = Path.Combine(history.Manager.StoreDirectory, MilestoneStore.FolderName, Path.GetFileName(foreign));
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Copy(foreign, place);

        await Assert.ThrowsAsync<SavepointException>(() => history.Manager.MilestoneAsync("ours", history.Manager.Head!.Value));

        Assert.Equal(File.ReadAllBytes(foreign), File.ReadAllBytes(place));
    }

    /// <summary>Edits that compaction makes one of.</summary>
    private static async Task EditAsync(RecordedHistory history)
    {
        for (var i = 0; i < 12; i++)
        {
            await history.EditAsync("edited", $"{i} {history.Manager.Head}\n");
        }
    }

    private static void Check(RecordedHistory history, Dictionary<long, Dictionary<WorkspacePath, FileState>> states, SnapshotNumber upTo)
    {
        Assert.Empty(history.Manager.Verify(deep: true).Problems);
        using var archives = new MilestoneStore(Path.Combine(history.Manager.StoreDirectory, MilestoneStore.FolderName));
        for (var number = 1; number <= upTo.Value; number++)
        {
            Assert.Equal(states[number].OrderBy(entry => entry.Key), archives.StateAt(new SnapshotNumber(number)).OrderBy(entry => entry.Key));
        }
    }
}
