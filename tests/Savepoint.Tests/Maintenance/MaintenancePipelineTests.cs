using Savepoint.Diagnostics;
using Savepoint.Maintenance;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Maintenance;

public sealed class MaintenancePipelineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private readonly PendingCounts _counts = new();
    private StoreMarks _store = new(Newest: 1000, CleanedUpTo: 0, CompactedUpTo: 0, LogBytes: 0);
    private readonly SemaphoreSlim _looked = new(0);
    private readonly Dictionary<string, long> _taken = [];

    public void Dispose() => _looked.Dispose();

    [Fact]
    public async Task Work_begins_once_nobody_has_recorded_anything_for_half_a_minute()
    {
        var cleaned = new TaskCompletionSource();
        await using var pipeline = Start(new MaintenancePorts { Look = Look, FoldLog = Nothing, CleanUp = Signal(cleaned), Note = () => _looked.Release() });
        await LookAsync(pipeline);
        _clock.Advance(MaintenanceRules.Pause / 2);
        _store = _store with { Newest = 1001 }; // somebody works: the pause begins anew
        await LookAsync(pipeline);
        _clock.Advance(MaintenanceRules.Pause / 2);
        await LookAsync(pipeline);
        Assert.False(cleaned.Task.IsCompleted);
        Assert.Equal(0, Count("storage", "queued"));

        _clock.Advance(MaintenanceRules.Pause / 2);
        await LookAsync(pipeline);

        await cleaned.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_a_worker_has_already_waits_in_the_store_and_is_done_later()
    {
        var (begun, go) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        var pipeline = Start(new MaintenancePorts
        {
            Look = Look,
            FoldLog = async cancellationToken =>
            {
                begun.Release();
                Assert.True(await go.WaitAsync(Patience, cancellationToken));
            },
            CleanUp = Nothing,
            Note = () => _looked.Release(),
        });
        _store = _store with { Newest = 0, LogBytes = MaintenanceRules.FoldLogBytes };
        await LookAsync(pipeline);
        Assert.True(await begun.WaitAsync(Patience));
        await LookAsync(pipeline);
        await LookAsync(pipeline);
        go.Release(100);
        await AwaitDoneAsync(pipeline, begun);
        await pipeline.DisposeAsync();

        Assert.True(Count("storage", "done") >= 2);
        Assert.Equal(Count("storage", "done"), Count("storage", "queued"));
        Assert.Equal(0, Count("storage", "waited")); // what is refused does not wait for the worker
    }

    [Fact]
    public async Task What_is_given_to_a_worker_that_is_busy_with_something_else_waits_and_is_done()
    {
        var (begun, go, cleaned) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        _store = _store with { Newest = 0, LogBytes = MaintenanceRules.FoldLogBytes };
        var pipeline = Start(new MaintenancePorts
        {
            Look = Look,
            FoldLog = async cancellationToken =>
            {
                begun.TrySetResult();
                await go.Task.WaitAsync(Patience, cancellationToken);
            },
            CleanUp = Signal(cleaned),
            Note = () => _looked.Release(),
        });
        await LookAsync(pipeline);
        await begun.Task.WaitAsync(Patience);
        _store = _store with { Newest = 1000, LogBytes = 0 };
        await LookAsync(pipeline);
        _clock.Advance(MaintenanceRules.Pause);
        await LookAsync(pipeline);

        Assert.Equal(1, Count("storage", "waited"));
        go.SetResult();
        await cleaned.Task.WaitAsync(Patience);
        await pipeline.DisposeAsync();
        Assert.Equal(2, Count("storage", "done"));
    }

    [Fact]
    public async Task Whatever_is_noted_has_each_look_as_done_that_it_has_as_begun()
    {
        var noted = new List<(long Queued, long Done)>();
        var pipeline = Start(new MaintenancePorts
        {
            Look = Look,
            FoldLog = Nothing,
            CleanUp = Nothing,
            Note = () =>
            {
                noted.Add((Count("analysis", "queued"), Count("analysis", "done")));
                _looked.Release();
            },
        });
        await LookAsync(pipeline);
        await pipeline.DisposeAsync();

        Assert.Equal((List<(long, long)>)[(1, 1), (1, 1)], noted);
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_under_way_but_not_for_ever()
    {
        var clock = new RealTimersClock();
        var begun = new TaskCompletionSource();
        var pipeline = new MaintenancePipeline(
            new MaintenancePorts
            {
                Look = Look,
                FoldLog = cancellationToken =>
                {
                    begun.SetResult();
                    return Task.Delay(Timeout.Infinite, cancellationToken); // would never end by itself
                },
                CleanUp = Nothing,
                Note = () => _looked.Release(),
            },
            _counts,
            clock);
        _store = _store with { LogBytes = MaintenanceRules.FoldLogBytes };
        pipeline.RequestLook();
        await begun.Task.WaitAsync(Patience);

        await pipeline.DisposeAsync().AsTask().WaitAsync(Patience);

        Assert.Equal(0, Count("storage", "done"));
        Assert.Equal(1, Count("storage", "queued"));
    }

    [Fact]
    public async Task A_failure_ends_its_item_alone()
    {
        var cleaned = new TaskCompletionSource();
        _store = _store with { LogBytes = MaintenanceRules.FoldLogBytes };
        var pipeline = Start(new MaintenancePorts
        {
            Look = Look,
            FoldLog = _ => throw new SavepointException(ErrorCode.DiskFull, "full", ""),
            CleanUp = Signal(cleaned),
            Note = () => _looked.Release(),
        });
        await LookAsync(pipeline);
        _clock.Advance(MaintenanceRules.Pause);
        await LookAsync(pipeline);
        await cleaned.Task.WaitAsync(Patience);
        await pipeline.DisposeAsync();

        Assert.True(Count("storage", "failed") >= 1);
        Assert.Equal(1, Count("storage", "done"));
    }

    [Fact]
    public async Task Merging_snapshots_is_the_compression_workers_where_it_is_asked_for_at_all()
    {
        var compacted = new TaskCompletionSource();
        _store = _store with { CleanedUpTo = 1000 };
        await using var pipeline = Start(new MaintenancePorts { Look = Look, FoldLog = Nothing, CleanUp = Nothing, Compact = Signal(compacted), Note = () => _looked.Release() });
        await LookAsync(pipeline);
        _clock.Advance(MaintenanceRules.Pause);
        await LookAsync(pipeline);

        await compacted.Task.WaitAsync(Patience);
        Assert.Equal(1, Count("compression", "queued"));
    }

    private MaintenancePipeline Start(MaintenancePorts ports) => new(ports, _counts, _clock);

    private StoreMarks Look() => _store;

    private async Task LookAsync(MaintenancePipeline pipeline)
    {
        pipeline.RequestLook();
        Assert.True(await _looked.WaitAsync(Patience));
    }

    /// <summary>Looks until the second item has begun: the first is closed only when its worker comes to it.</summary>
    private async Task AwaitDoneAsync(MaintenancePipeline pipeline, SemaphoreSlim begun)
    {
        while (!await begun.WaitAsync(TimeSpan.Zero))
        {
            await LookAsync(pipeline);
        }
    }

    private long Count(string worker, string what)
    {
        foreach (var (name, count) in _counts.Take())
        {
            _taken[name] = _taken.GetValueOrDefault(name) + count;
        }

        return _taken.GetValueOrDefault(WorkerCount.Of(worker, what));
    }

    private static Task Nothing(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Func<CancellationToken, Task> Signal(TaskCompletionSource done) => _ =>
    {
        done.TrySetResult();
        return Task.CompletedTask;
    };

    /// <summary>A clock on which two seconds are over at once.</summary>
    private sealed class RealTimersClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
