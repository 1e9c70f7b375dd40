using System.Threading.Channels;
using Savepoint.Diagnostics;
using Savepoint.Model;

namespace Savepoint.Maintenance;

/// <summary>
/// The background of a process that stays (the seed's asynchronous processing pipeline). What goes in: the clock's ticks.
/// What comes out: a store that stays small and quick to open. The analysis worker looks how things stand and decides
/// (<see cref="MaintenanceRules"/>), and measures what snapshots did to functions; the compression and storage workers do it. Captures neither wait for it nor tell it
/// anything.
/// </summary>
internal sealed class MaintenancePipeline : IAsyncDisposable
{
    /// <summary>How often to look: two short queries.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How long an orderly stop may take for what is queued.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly MaintenancePorts _ports;
    private readonly PendingCounts _counts;
    private readonly TimeProvider _time;
    private readonly Worker _compression;
    private readonly Worker _storage;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Task _analysis;

    // One look covers all that happened before it, so there is nothing to queue behind it.
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public MaintenancePipeline(MaintenancePorts ports, PendingCounts counts, TimeProvider time)
    {
        (_ports, _counts, _time) = (ports, counts, time);
        _compression = new Worker("compression", DoAsync, counts, DrainTime, time);
        _storage = new Worker("storage", DoAsync, counts, DrainTime, time);
        _analysis = Task.Run(AnalyseAsync);
        _timer = time.CreateTimer(_ => RequestLook(), null, Interval, Interval);
    }

    /// <summary>Has the analysis worker look now, unless it is about to.</summary>
    public void RequestLook() => _looks.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _looks.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false); // what is not measured is measured by the next
        await _analysis.ConfigureAwait(false);
        await _compression.DisposeAsync().ConfigureAwait(false);
        await _storage.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        Note();
    }

    private async Task AnalyseAsync()
    {
        // Whether somebody records is seen from numbers: the time on a snapshot is only what its writer's clock said.
        var (newest, since) = (-1L, _time.GetTimestamp());
        await foreach (var _ in _looks.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            _counts.Add(WorkerCount.Of("analysis", WorkerCount.Queued), 1);
            try
            {
                var store = _ports.Look();
                (newest, since) = store.Newest == newest ? (newest, since) : (store.Newest, _time.GetTimestamp());
                var items = MaintenanceRules.Decide(store, _time.GetElapsedTime(since));
                foreach (var item in items.Where(item => item != MaintenanceItem.Measure))
                {
                    Give(item);
                }

                await MeasureAsync(items.Contains(MaintenanceItem.Measure)).ConfigureAwait(false);
                _counts.Add(WorkerCount.Of("analysis", WorkerCount.Done), 1);
            }
            catch (SavepointException)
            {
                _counts.Add(WorkerCount.Of("analysis", WorkerCount.Failed), 1);
            }

            Note(); // behind the count, so that what the store has of this look is whole
        }
    }

    private void Note()
    {
        try
        {
            _ports.Note();
        }
        catch (SavepointException)
        {
            // A full disk, say: what is counted waits for the next time.
        }
    }

    /// <summary>The analysis worker's own piece of work: what it measures, policies judge.</summary>
    private async Task MeasureAsync(bool isAsked)
    {
        if (!isAsked || _ports.Measure is null)
        {
            return;
        }

        try
        {
            await _ports.Measure(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private void Give(MaintenanceItem item)
    {
        switch (item)
        {
            case MaintenanceItem.Compact when _ports.Compact is not null:
                _compression.TryAdd(item);
                break;
            case MaintenanceItem.KeepWithinBounds when _ports.KeepWithinBounds is not null:
            case MaintenanceItem.FoldLog or MaintenanceItem.CleanUp:
                _storage.TryAdd(item);
                break;
        }
    }

    private Task DoAsync(MaintenanceItem item, CancellationToken cancellationToken) => item switch
    {
        MaintenanceItem.FoldLog => _ports.FoldLog(cancellationToken),
        MaintenanceItem.CleanUp => _ports.CleanUp(cancellationToken),
        MaintenanceItem.Compact => _ports.Compact!(cancellationToken),
        MaintenanceItem.KeepWithinBounds => _ports.KeepWithinBounds!(cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };
}
