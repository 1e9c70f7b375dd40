using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Tests.Storage;
using Xunit;

namespace Savepoint.Tests.Events;

public sealed class EventsTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Every_snapshot_is_one_event_and_one_that_goes_back_is_a_rollback()
    {
        await using var manager = await _workspace.InitAsync();
        await EditAsync(manager, "one", "1");
        await manager.UndoAsync();
        await manager.RedoAsync();
        await manager.RollbackAsync(new SnapshotNumber(1));

        var events = await manager.EventsAsync().ToListAsync();

        Assert.Equal(["snapshot:created", "snapshot:created", "snapshot:rollback", "snapshot:rollback", "snapshot:rollback"], events.Select(happened => happened.Name));
        Assert.Equal([1, 2, 3, 4, 5], events.Select(happened => happened.Position.Snapshot));
        var edit = Assert.IsType<SnapshotCreatedEvent>(events[1]);
        Assert.Equal(("agent", 1L), (edit.Snapshot.Actor.Agent, edit.PathCount));
        Assert.Equal(new SnapshotNumber(1), Assert.IsType<SnapshotRollbackEvent>(events[4]).Snapshot.Target);
        Assert.Empty(await manager.EventsAsync(manager.NewestEvent).ToListAsync());
    }

    [Fact]
    public async Task A_clean_up_is_an_event_between_the_snapshots_around_it()
    {
        await using var manager = await _workspace.InitAsync();
        for (var i = 0; i < 120; i++)
        {
            await EditAsync(manager, $"file-{i % 60}", string.Concat(Enumerable.Range(i, 100).Select(line => $"line {line} of {i}\n")));
        }

        var done = await manager.CleanUpAsync();
        await EditAsync(manager, "file", "last");

        var events = await manager.EventsAsync(new EventPosition(120, 0)).ToListAsync();
        Assert.Equal(["121", "121.1", "122"], events.Select(happened => happened.Position.ToString()));
        Assert.Equal(new CleanupEvent("store", done.FreedContents + done.PackedContents, done.BytesBefore, done.BytesAfter), events[1] with { Position = default, Time = default });
        Assert.NotEqual(0, done.PackedContents);
    }

    [Fact]
    public async Task A_compaction_is_an_event()
    {
        await using var manager = await _workspace.InitAsync();
        for (var i = 0; i < 60; i++)
        {
            await EditAsync(manager, "file", $"{i}"); // within five seconds: continuous edits of one actor
        }

        await manager.CompactAsync();

        var happened = Assert.IsType<CompressionEvent>(Assert.Single(await manager.EventsAsync(new EventPosition(61, 0)).ToListAsync()));
        Assert.Equal("normal", happened.Level);
        Assert.InRange(happened.MergedSnapshots, 1, 10);
        Assert.Equal(1, Assert.Single(manager.Statistics().Outcomes, outcome => outcome.Operation == "compaction").Done);
    }

    [Fact]
    public async Task A_milestone_is_an_event_that_says_how_large_its_archive_is()
    {
        await using var manager = await _workspace.InitAsync();

        var made = await manager.MilestoneAsync("first", new SnapshotNumber(1));

        var happened = Assert.IsType<MilestoneCreatedEvent>(Assert.Single(await manager.EventsAsync(new EventPosition(1, 0)).ToListAsync()));
        Assert.Equal(new MilestoneCreatedEvent("first", new SnapshotNumber(1), made.Archive.SizeBytes), happened with { Position = default, Time = default });
    }

    [Fact]
    public async Task A_step_of_memory_is_an_event()
    {
        await using var manager = await _workspace.InitAsync();

        var step = manager.FreeMemory();

        var happened = await manager.EventsAsync(new EventPosition(1, 0)).ToListAsync();
        Assert.Equal(new CleanupEvent("memory", null, step.BytesBefore, step.BytesAfter), Assert.Single(happened) with { Position = default, Time = default });
    }

    [Fact]
    public async Task A_follower_sees_what_another_process_commits_each_once()
    {
        await using var watching = await _workspace.InitAsync();
        await using var other = await _workspace.OpenAsync(); // a connection of its own, as another process has
        await using var follower = watching.EventsAsync(watching.NewestEvent, follow: true).GetAsyncEnumerator();
        for (var i = 0; i < 5; i++)
        {
            var next = follower.MoveNextAsync();
            await EditAsync(i % 2 == 0 ? other : watching, "file", $"{i}");

            Assert.True(await next);
            Assert.Equal(new EventPosition(i + 2, 0), follower.Current.Position);
        }
    }

    [Fact]
    public async Task A_slow_reader_keeps_nobody_waiting_and_misses_nothing()
    {
        await using var manager = await _workspace.InitAsync();
        await using var slow = manager.EventsAsync(follow: true).GetAsyncEnumerator();
        Assert.True(await slow.MoveNextAsync());
        for (var i = 0; i < 20; i++)
        {
            await EditAsync(manager, "file", $"{i}");
        }

        // A reader that held a read open would keep the log from being folded back, and this would not be 0 (not busy).
        Assert.Equal(0, Sql.Scalar(Path.Combine(manager.StoreDirectory, "store.db"), "PRAGMA wal_checkpoint(TRUNCATE)"));
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await slow.MoveNextAsync());
            Assert.Equal(i + 2, slow.Current.Position.Snapshot);
        }
    }

    [Fact]
    public async Task Cancelling_ends_a_follower_without_an_exception()
    {
        await using var manager = await _workspace.InitAsync();
        using var stop = new CancellationTokenSource();
        await using var follower = manager.EventsAsync(manager.NewestEvent, follow: true, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        var next = follower.MoveNextAsync();

        await stop.CancelAsync();

        Assert.False(await next);
    }

    [Fact]
    public async Task A_follower_of_a_store_that_is_deleted_is_told()
    {
        await using var manager = await _workspace.InitAsync();
        await using var follower = manager.EventsAsync(manager.NewestEvent, follow: true).GetAsyncEnumerator();
        var next = follower.MoveNextAsync();

        Directory.Delete(manager.StoreDirectory, recursive: true);

        var failure = await Assert.ThrowsAsync<SavepointException>(() => next.AsTask());
        Assert.Equal(ErrorCode.NotTracked, failure.Code);
    }

    private async Task EditAsync(SnapshotManager manager, string path, string text)
    {
        var edit = await manager.BeginEditAsync(Workspace.Paths(path), new CaptureContext { Actor = new Actor(Agent: "agent") });
        _workspace.Write(path, text);
        await edit.CommitAsync();
    }
}
