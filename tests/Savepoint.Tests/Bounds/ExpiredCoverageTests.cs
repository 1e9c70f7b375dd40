using Savepoint.Compaction;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Bounds;

/// <summary>What a snapshot knew that it had not recorded, once it is freed: the end of its range knows it.</summary>
public sealed class ExpiredCoverageTests : IDisposable
{
    private const int Newest = 50;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_could_not_be_recorded_before_a_range_ended_is_left_alone_by_a_rollback_to_its_end()
    {
        _workspace.Write("large", new byte[200]);
        await using var manager = await OpenAsync(recordsLarge: false);
        await EditAsync(manager, 5);
        manager.AddLabel("keep", manager.Head!.Value);
        await using var later = await OpenAsync(recordsLarge: true);
        await later.CaptureAsync();
        await EditAsync(later, Newest + 10);
        var before = await later.RollbackAsync(Keep(later), dryRun: true);

        await ExpireAsync(later);

        var told = await later.RollbackAsync(Keep(later), dryRun: true);
        Assert.Equal(before.Files.Select(file => file.Path), told.Files.Select(file => file.Path));
        var done = await later.RollbackAsync(Keep(later));
        Assert.Equal((false, 200), (done.IsVerified, _workspace.Read("large").Length));
        Assert.Contains(done.Files, file => file.Path.ToString() == "large" && file.Reason!.Contains("could not be recorded", StringComparison.Ordinal));
        var end = later.GetSnapshot(Keep(later)).Coverage;
        Assert.Equal((false, "large"), (end.IsComplete, Assert.Single(end.Skipped).Path.ToString()));
    }

    [Fact]
    public async Task What_was_deleted_and_came_back_unrecorded_within_the_range_is_unknown_at_its_end()
    {
        _workspace.Write("file", "small");
        await using var manager = await OpenAsync(recordsLarge: false);
        manager.AddLabel("first", manager.Head!.Value);
        File.Delete(_workspace.At("file"));
        await manager.CaptureAsync();
        await EditAsync(manager, 1);
        _workspace.Write("file", new byte[200]);
        _workspace.Write("edited", "with a file that is skipped");
        Assert.False((await manager.CaptureAsync()).Snapshot!.Coverage.IsComplete);
        await EditAsync(manager, 2);
        manager.AddLabel("keep", manager.Head!.Value);
        await using var later = await OpenAsync(recordsLarge: true);
        await later.CaptureAsync();
        await EditAsync(later, Newest + 10);

        await ExpireAsync(later);

        var done = await later.RollbackAsync(Keep(later));
        Assert.Equal((false, 200), (done.IsVerified, _workspace.Read("file").Length));
    }

    [Fact]
    public async Task What_was_recorded_later_in_the_range_is_known_at_its_end()
    {
        _workspace.Write("large", new byte[200]);
        await using var manager = await OpenAsync(recordsLarge: false);
        await EditAsync(manager, 2);
        await using var later = await OpenAsync(recordsLarge: true);
        await later.CaptureAsync();
        later.AddLabel("recorded", later.Head!.Value);
        File.Delete(_workspace.At("large"));
        await later.CaptureAsync();
        later.AddLabel("keep", later.Head!.Value);
        _workspace.Write("large", new byte[300]);
        await later.CaptureAsync();
        await EditAsync(later, Newest + 10);

        await ExpireAsync(later);

        Assert.True(later.GetSnapshot(later.Resolve(Revision.Parse("recorded"))).Coverage.IsComplete);
        var done = await later.RollbackAsync(Keep(later));
        Assert.Equal((true, false), (done.IsVerified, File.Exists(_workspace.At("large"))));
    }

    [Fact]
    public async Task An_ignored_file_that_was_named_within_the_range_is_left_alone_by_a_rollback_before_it()
    {
        _workspace.Write(".gitignore", "*.log\n");
        _workspace.Write("old.log", "old");
        await using var manager = await OpenAsync(recordsLarge: true);
        manager.AddLabel("keep", manager.Head!.Value);
        await EditAsync(manager, 3);
        await manager.CaptureAsync(Workspace.Paths("old.log"));
        await EditAsync(manager, Newest + 10);

        await ExpireAsync(manager);

        Assert.NotNull(manager.FindMerged(new SnapshotNumber(5)));
        Assert.True((await manager.RollbackAsync(Keep(manager))).IsVerified);
        Assert.Equal("old", _workspace.Read("old.log"));
    }

    [Fact]
    public async Task What_compaction_frees_hands_it_on_too()
    {
        await using var manager = await OpenAsync(recordsLarge: false);
        _workspace.Write("large", new byte[200]);
        for (var i = 0; i < 5; i++)
        {
            _workspace.Write("edited", string.Concat(Enumerable.Range(0, i + 1).Select(line => $"{line}\n")));
            await manager.CaptureAsync(i == 1 ? null : Workspace.Paths("edited"), new CaptureContext { Actor = new Actor("agent", "session", "turn") });
        }

        await EditAsync(manager, Newest + 10);
        var compacted = await manager.CompactAsync(CompactionLevel.Aggressive);

        Assert.True(compacted.SnapshotsAfter < compacted.SnapshotsBefore);
        var end = manager.FindMerged(new SnapshotNumber(3));
        Assert.True(end is { IsFreed: true });
        Assert.Equal("large", Assert.Single(manager.GetSnapshot(end.Last).Coverage.Skipped).Path.ToString());
        Assert.Empty(manager.Verify(deep: true).Problems);
    }

    private static SnapshotNumber Keep(SnapshotManager manager) => manager.Resolve(Revision.Parse("keep"));

    private async Task<SnapshotManager> OpenAsync(bool recordsLarge)
    {
        _workspace.Options = _workspace.Options with { MaxStoreBytes = 1, MaxFileBytes = recordsLarge ? 1000 : 100 };
        return await _workspace.InitAsync();
    }

    /// <summary>Edits of one file, and nothing else is looked at.</summary>
    private async Task EditAsync(SnapshotManager manager, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _workspace.Write("edited", $"{manager.Head}, {i}\n");
            await manager.CaptureAsync(Workspace.Paths("edited"));
        }
    }

    private static async Task ExpireAsync(SnapshotManager manager)
    {
        Assert.True((await manager.KeepWithinBoundsAsync()).ExpiredCount > 0);
        Assert.Empty(manager.Verify(deep: true).Problems);
    }
}
