using System.Security.Cryptography;
using Savepoint.Compaction;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Tests.Compaction;
using Savepoint.Tests.Storage;
using CsCheck;
using Xunit;

namespace Savepoint.Tests.Bounds;

/// <summary>A store that has outgrown its quota: what goes, in which order, and what stays.</summary>
public sealed class BoundsTests
{
    private const int Newest = 50;
    private const int NoiseBytes = 6_000; // such a text is stored as it is: nothing but expiry makes it smaller

    private static readonly Gen<(int Kind, int File, int Text, int Pause)[]> Histories =
        Gen.Select(Gen.Int[0, 14], Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 7]).Array[5, 40];

    [Fact]
    public Task Whatever_expires_no_state_that_is_left_changes() => Histories.SampleAsync(
        async steps =>
        {
            using var history = await RecordedHistory.WriteAsync(steps, maxStoreBytes: 1);
            await history.FillAsync(Newest);
            var before = history.States();

            var done = await history.Manager.KeepWithinBoundsAsync();

            Assert.True(done.IsOver); // one byte is not enough for anything
            history.Check(before, CompactionLevel.Aggressive);
            var head = history.Manager.Head!.Value.Value;
            Assert.All(Enumerable.Range(0, Newest + 1), i => Assert.Null(history.Manager.FindMerged(new SnapshotNumber(head - i))));

            // The history goes on, undoes what is left to undo, and expires again.
            for (var i = 0; i < Newest + 10 && (await history.Manager.UndoAsync()).Ending == RestoreEnding.Restored; i++)
            {
            }

            await history.GoOnAsync(steps);
            await history.FillAsync(Newest);
            before = history.RestOf(before);
            await history.Manager.KeepWithinBoundsAsync();
            history.Check(before, CompactionLevel.Aggressive);
        },
        iter: 12, threads: 2);

    [Fact]
    public async Task A_store_over_its_quota_comes_within_it_and_says_what_went()
    {
        using var workspace = new Workspace();
        await RecordNoiseAsync(workspace, 300, labelAt: 40);
        workspace.Options = workspace.Options with { MaxStoreBytes = 1_000_000 };
        await using var manager = await workspace.OpenAsync();
        var kept = Enumerable.Range(0, Newest + 1).Select(i => new SnapshotNumber(manager.Head!.Value.Value - i)).Append(manager.Resolve(Revision.Parse("kept")))
            .ToDictionary(number => number, number => Hash(manager, number));

        var done = await manager.KeepWithinBoundsAsync();

        Assert.InRange(manager.StoreSizeBytes(), 1, 1_000_000);
        Assert.True(done.ExpiredCount > 100);
        Assert.Equal((done.ExpiredCount, false), (manager.Bounds().ExpiredCount, manager.Bounds().IsOver));
        Assert.NotNull(manager.Bounds().LastExpiry);
        Assert.All(kept, state => Assert.Equal(state.Value, Hash(manager, state.Key)));
        Assert.Empty(manager.Verify(deep: true).Problems);
        var said = Assert.Single(await EventsAsync(manager), happened => happened is CleanupEvent { Cause: "quota" });
        Assert.Equal((done.ExpiredCount, done.BytesBefore), (((CleanupEvent)said).Items, ((CleanupEvent)said).BytesBefore));

        // A number that expired leads to the end of its range; the recording goes on.
        var expired = manager.FindMerged(new SnapshotNumber(100));
        Assert.True(expired is { IsFreed: true });
        Assert.Equal(expired.Last, manager.Resolve(Revision.Parse("100")));
        workspace.Write("file", "next");
        Assert.NotNull((await manager.CaptureAsync()).Snapshot);
        Assert.Equal(0, (await manager.KeepWithinBoundsAsync()).ExpiredCount);
    }

    [Fact]
    public async Task Where_compaction_is_enough_nothing_expires()
    {
        using var workspace = new Workspace();
        await RecordNoiseAsync(workspace, 300, clock: TimeProvider.System); // as fast as it goes: continuous edits
        workspace.Options = workspace.Options with { MaxStoreBytes = 1_500_000 };
        await using var manager = await workspace.OpenAsync();
        Assert.True(manager.StoreSizeBytes() > 1_500_000);

        var done = await manager.KeepWithinBoundsAsync();

        Assert.Equal(0, done.ExpiredCount);
        Assert.True(done.MergedCount > 100);
        Assert.InRange(manager.StoreSizeBytes(), 1, 1_500_000);
    }

    [Fact]
    public async Task Single_steps_go_before_the_oldest_history()
    {
        using var workspace = new Workspace();
        await RecordNoiseAsync(workspace, 300);
        workspace.Options = workspace.Options with { MaxStoreBytes = 1_900_000 };
        await using var manager = await workspace.OpenAsync();
        Assert.True(manager.StoreSizeBytes() > 1_900_000);

        await manager.KeepWithinBoundsAsync();

        // Of each turn (ten edits), its last state is there; the baseline too.
        Assert.InRange(manager.StoreSizeBytes(), 1, 1_900_000);
        Assert.Null(manager.FindMerged(new SnapshotNumber(1)));
        Assert.Null(manager.FindMerged(new SnapshotNumber(11)));
        Assert.Equal(new SnapshotNumber(21), manager.FindMerged(new SnapshotNumber(15))!.Last);
    }

    [Fact]
    public async Task Labels_that_fill_the_quota_do_not_stop_the_recording()
    {
        using var workspace = new Workspace();
        await RecordNoiseAsync(workspace, 80, labelEach: true);
        workspace.Options = workspace.Options with { MaxStoreBytes = 300_000 };
        await using var manager = await workspace.OpenAsync();

        var done = await manager.KeepWithinBoundsAsync();

        Assert.Equal((0L, true), (done.ExpiredCount, done.IsOver));
        Assert.True(manager.Bounds().IsOver);
        workspace.Write("file", "next");
        Assert.NotNull((await manager.CaptureAsync()).Snapshot);
        Assert.Empty(manager.Verify().Problems);
    }

    [Fact]
    public async Task Where_only_short_processes_run_the_store_stops_growing()
    {
        using var workspace = new Workspace();
        await RecordNoiseAsync(workspace, 150);
        workspace.Options = workspace.Options with { MaxStoreBytes = 700_000 };
        for (var i = 0; i < 400; i++)
        {
            await using var manager = await workspace.OpenAsync();
            workspace.Write("file", RandomNumberGenerator.GetBytes(NoiseBytes));
            await manager.CaptureAsync(Workspace.Paths("file"));
        }

        await using var last = await workspace.OpenAsync();
        Assert.True(last.Bounds().ExpiredCount > 200);
        Assert.InRange(last.StoreSizeBytes(), 1, 2_000_000); // 400 × 6,000 bytes came to what was there before
        Assert.Empty(last.Verify(deep: true).Problems);
    }

    [Fact]
    public async Task The_background_looks_after_the_bounds()
    {
        using var workspace = new Workspace();
        await RecordNoiseAsync(workspace, 200);
        workspace.Options = workspace.Options with { MaxStoreBytes = 800_000 };
        await using var manager = await workspace.OpenAsync();

        await using (var pipeline = manager.Maintain())
        {
            pipeline.RequestLook();
        }

        Assert.Equal(1, manager.Statistics().Workers.Single(worker => worker.Worker == "storage").Queued);
    }

    [Fact]
    public void A_default_is_a_tenth_of_the_disk_and_never_more_than_ten_gigabytes()
    {
        var quota = StoreQuota.Of(null, Path.GetTempPath())!.Value;

        Assert.InRange(quota, 1, 10_000_000_000);
        Assert.True(quota == 10_000_000_000 || quota <= new DriveInfo(Path.GetTempPath()).TotalSize / 10);
        Assert.Null(StoreQuota.Of(long.MaxValue, "/"));
    }

    [Fact]
    public async Task Looking_for_what_status_shows_reads_no_more_in_a_longer_history()
    {
        using var workspace = new Workspace();
        await using var manager = await workspace.InitAsync();
        foreach (var session in (string[])["one", "two", "three"])
        {
            workspace.Write("file", session);
            await manager.CaptureAsync(context: new CaptureContext { Actor = new Actor("agent", session, "turn") });
        }

        Assert.Equal(["three", "two"], manager.NewestSessions(2).Select(session => session.Session));
        Assert.Equivalent(manager.Sessions(), manager.NewestSessions(10), strict: true);
        _ = manager.Layers();
        var plans = Sql.Plan(Path.Combine(manager.StoreDirectory, "store.db"), """
            SELECT s.number FROM snapshots s NOT INDEXED WHERE s.number < $2 AND s.number >= $2 - $4 AND s.parent IS NOT NULL
            AND (SELECT b.session FROM actors b WHERE b.id = s.actor) = (SELECT a.session FROM snapshots n JOIN actors a ON a.id = n.actor WHERE n.number = $1)
            ORDER BY s.number DESC LIMIT $3
            """);
        Assert.DoesNotContain(plans, step => step.StartsWith("SCAN", StringComparison.Ordinal));
    }

    /// <summary>Edits of noise, ten to a turn.</summary>
    private static async Task RecordNoiseAsync(Workspace workspace, int count, int labelAt = 0, bool labelEach = false, TimeProvider? clock = null)
    {
        workspace.Write("other", "text");
        workspace.Options = workspace.Options with { MaxStoreBytes = long.MaxValue, Time = clock ?? new MinuteClock() }; // of the latter, nothing for compaction to merge
        await using var manager = await workspace.InitAsync();
        if (labelEach)
        {
            manager.AddLabel("label-baseline", manager.Head!.Value);
        }

        for (var i = 0; i < count; i++)
        {
            workspace.Write("file", RandomNumberGenerator.GetBytes(NoiseBytes));
            var captured = await manager.CaptureAsync(Workspace.Paths("file"), new CaptureContext { Actor = new Actor("agent", "session", $"turn-{i / 10}") });
            if (labelEach || i == labelAt - 1)
            {
                manager.AddLabel(labelEach ? $"label-{i}" : "kept", captured.Snapshot!.Number);
            }
        }
    }

    private static ContentId Hash(SnapshotManager manager, SnapshotNumber number) =>
        ContentId.Of(manager.Contents.Read(Assert.IsType<FileState.Regular>(manager.StateAt(number, WorkspacePath.Parse("file"))).Content));

    private static async Task<List<SnapshotEvent>> EventsAsync(SnapshotManager manager)
    {
        var events = new List<SnapshotEvent>();
        await foreach (var happened in manager.EventsAsync())
        {
            events.Add(happened);
        }

        return events;
    }

    /// <summary>A clock on which a minute passes with each look at it.</summary>
    private sealed class MinuteClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromMinutes(1);
    }
}
