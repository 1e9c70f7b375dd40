using System.Diagnostics;
using Savepoint.Model;

namespace Savepoint.Diagnostics;

/// <summary>
/// An operation under way: a span if somebody listens, a duration when it ends, and a count if it fails. It failed if it
/// ends without <see cref="Done"/> and nobody asked it to stop.
/// </summary>
internal sealed class RunningOperation : IDisposable
{
    private readonly Operation _operation;
    private readonly PendingCounts _counts;
    private readonly Stopclock _clock;
    private readonly CancellationToken _stop;
    private readonly Activity? _span;
    private bool _isDone;

    private RunningOperation(Operation operation, PendingCounts counts, Stopclock clock, CancellationToken stop)
    {
        (_operation, _counts, _clock, _stop) = (operation, counts, clock, stop);
        _span = Telemetry.StartSpan(operation);
    }

    public static RunningOperation Start(Operation operation, PendingCounts counts, Stopclock clock, CancellationToken stop) => new(operation, counts, clock, stop);

    /// <summary>It did what it should.</summary>
    /// <param name="recorded">The snapshot of it; null if there is none.</param>
    /// <param name="count">How many paths, or contents, it was about.</param>
    public void Done(SnapshotNumber? recorded, int count)
    {
        _isDone = true;
        _span?.SetTag("savepoint.snapshot", recorded?.Value).SetTag("savepoint.count", count);
    }

    public void Dispose()
    {
        var isStopped = !_isDone && _stop.IsCancellationRequested;
        if (!_isDone && !isStopped)
        {
            _counts.Add(FailureCount(_operation), 1);
            _span?.SetStatus(ActivityStatusCode.Error);
        }
        else if (_isDone && _operation is Operation.CleanUp or Operation.Compaction)
        {
            _counts.Add(DoneCount(_operation), 1); // of captures and restores the history itself is the count
        }

        if (!isStopped)
        {
            Telemetry.Ended(_operation, _clock.Elapsed, _isDone);
        }

        _span?.Dispose();
    }

    /// <summary>The name of the count of an operation's good endings, where snapshots do not count them.</summary>
    public static string DoneCount(Operation operation) => $"{OperationName.Of(operation)}.done";

    /// <summary>The name of the count of an operation's failures.</summary>
    public static string FailureCount(Operation operation) => $"{OperationName.Of(operation)}.failed";
}
