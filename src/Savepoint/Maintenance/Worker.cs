using System.Threading.Channels;
using Savepoint.Diagnostics;
using Savepoint.Model;

namespace Savepoint.Maintenance;

/// <summary>
/// One worker of the pipeline: does its items one after the other, away from whoever gives them. Its queue is bounded; an
/// item that does not fit, or is queued already, is not taken, and stays to be done in the store, where it is found again.
/// </summary>
internal sealed class Worker : IAsyncDisposable
{
    /// <summary>More than there are kinds of items: an item waits at most once.</summary>
    private const int QueueLength = 4;

    private readonly Channel<MaintenanceItem> _queue = Channel.CreateBounded<MaintenanceItem>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly HashSet<MaintenanceItem> _open = [];
    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly Func<MaintenanceItem, CancellationToken, Task> _work;
    private readonly PendingCounts _counts;
    private readonly TimeSpan _drainTime;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <param name="name">Its name in the counts.</param>
    /// <param name="work">Does an item; what it throws of the environment's failures ends that item alone.</param>
    /// <param name="counts">Takes what it did.</param>
    /// <param name="drainTime">How long what is queued may go on when it is told to stop.</param>
    /// <param name="time">The clock for that.</param>
    public Worker(string name, Func<MaintenanceItem, CancellationToken, Task> work, PendingCounts counts, TimeSpan drainTime, TimeProvider time)
    {
        (_name, _work, _counts, _drainTime, _time) = (name, work, counts, drainTime, time);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Gives it an item; false if it has that one already, or no room.</summary>
    public bool TryAdd(MaintenanceItem item)
    {
        bool isBusy;
        lock (_gate)
        {
            isBusy = _open.Count > 0;
            if (!_open.Add(item))
            {
                return false;
            }
        }

        if (!_queue.Writer.TryWrite(item))
        {
            Close(item);
            return false;
        }

        Count(WorkerCount.Queued);
        if (isBusy)
        {
            Count(WorkerCount.Waited);
        }

        return true;
    }

    /// <summary>Takes no more, does what is queued for as long as it may, and lets the rest be.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        using (var limit = new CancellationTokenSource(_drainTime, _time))
        using (limit.Token.Register(_stop.Cancel))
        {
            await _running.ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var item in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!_stop.IsCancellationRequested)
            {
                await DoAsync(item).ConfigureAwait(false);
            }

            Close(item);
        }
    }

    private async Task DoAsync(MaintenanceItem item)
    {
        try
        {
            await _work(item, _stop.Token).ConfigureAwait(false);
            Count(WorkerCount.Done);
        }
        catch (OperationCanceledException)
        {
            // Told to stop: what is not done is found again by the next process.
        }
        catch (Exception e) when (e is SavepointException or IOException)
        {
            Count(WorkerCount.Failed); // a full disk, say; whoever records next meets it where it can be told
        }
    }

    private void Close(MaintenanceItem item)
    {
        lock (_gate)
        {
            _open.Remove(item);
        }
    }

    private void Count(string what) => _counts.Add(WorkerCount.Of(_name, what), 1);
}
