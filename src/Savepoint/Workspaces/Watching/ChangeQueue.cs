using Savepoint.Model;

namespace Savepoint.Workspaces.Watching;

/// <summary>
/// Between a watcher's threads, which report, and the one that records, which waits: a batch of changes, a schedule of
/// scans, and a clock that wakes the recorder. Thread-safe for reporting; one recorder.
/// </summary>
internal sealed class ChangeQueue : ITreeObserver, IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Lock _gate = new();
    private readonly ChangeBatch _batch;
    private readonly ScanSchedule _scans;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly ITimer _timer;

    /// <param name="debounce">See <see cref="ChangeBatch"/>.</param>
    /// <param name="scanInterval">See <see cref="ScanSchedule"/>.</param>
    /// <param name="time">The clock.</param>
    public ChangeQueue(TimeSpan debounce, TimeSpan scanInterval, TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        _batch = new ChangeBatch(debounce);
        _scans = new ScanSchedule(scanInterval);
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    public void Changed(WorkspacePath path) => Report(now => _batch.Add(path, now));

    public void Missed() => Report(_batch.AddAll);

    /// <summary>Waits until something is to be looked at.</summary>
    /// <param name="lookAgain">After which time to return with nothing, for what is held back may be free by then; null to wait as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ChangeSet> NextAsync(TimeSpan? lookAgain, CancellationToken cancellationToken)
    {
        var again = lookAgain is { } pause ? Now + pause : TimeSpan.MaxValue;
        while (true)
        {
            lock (_gate)
            {
                var now = Now;
                if (_batch.Take(now) is { } found)
                {
                    return found;
                }

                if (now >= _scans.DueAt)
                {
                    return ChangeSet.Everything;
                }

                if (now >= again)
                {
                    return ChangeSet.Nothing;
                }

                var next = new[] { _batch.DueAt ?? TimeSpan.MaxValue, _scans.DueAt, again }.Min();
                _timer.Change(Later(next - now, TimeSpan.FromMilliseconds(1)), Timeout.InfiniteTimeSpan);
            }

            await _wake.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says that what was found has been recorded.</summary>
    /// <param name="spent">How long that took.</param>
    /// <param name="wasWhole">Whether everything was looked at.</param>
    /// <param name="isLimited">See <see cref="TreeWatcher.IsLimited"/>.</param>
    public void Recorded(TimeSpan spent, bool wasWhole, bool isLimited)
    {
        lock (_gate)
        {
            _batch.Rest(Now, spent);
            if (wasWhole)
            {
                _scans.Scanned(Now, spent, isLimited);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _wake.Dispose();
    }

    private void Report(Action<TimeSpan> add)
    {
        lock (_gate)
        {
            var now = Now;
            var waited = _batch.IsEmpty;
            add(now);
            _scans.Happened(now);
            if (!waited)
            {
                return; // the recorder wakes in time anyway, and asks again
            }
        }

        Wake();
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
        catch (ObjectDisposedException)
        {
            // The watch has ended.
        }
    }

    private static TimeSpan Later(TimeSpan x, TimeSpan y) => x > y ? x : y;
}
