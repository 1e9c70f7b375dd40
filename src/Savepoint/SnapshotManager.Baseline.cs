using Savepoint.Diagnostics;
using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;

namespace Savepoint;

/// <content>The first recording of a workspace.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Records the whole tree. Broken off, by its caller or by the death of the process, it keeps the contents it has stored
    /// and, in the index, which files they are of: made again, it goes on from there.
    /// </summary>
    private async Task<CaptureResult> RecordBaselineAsync(IProgress<CaptureProgress>? progress, CancellationToken cancellationToken)
    {
        if (Head is not null)
        {
            return new CaptureResult(null, Coverage.Empty, TimeSpan.Zero);
        }

        var started = _options.Time.GetTimestamp();
        using var running = Begin(Operation.Capture, started, cancellationToken);
        using var held = await WorkspaceLock.SharedAsync(OwnDirectory, _options.Time, cancellationToken).ConfigureAwait(false);
        var coverage = new CoverageBuilder();
        var snapshot = RecordBaseline(coverage, new BaselineWatch(IndexFile, _options.Time, progress), new Stopclock(_options.Time, started), cancellationToken);
        running.Done(snapshot?.Number, snapshot?.Changes.Count ?? 0);
        return new CaptureResult(snapshot, coverage.Build(), _options.Time.GetElapsedTime(started));
    }

    private Snapshot? RecordBaseline(CoverageBuilder coverage, BaselineWatch watch, Stopclock clock, CancellationToken cancellationToken)
    {
        using var contents = _store.BeginBaseline();
        TreeScan scan;
        try
        {
            scan = Scan(contents, [], coverage, Timeout.InfiniteTimeSpan, cancellationToken, watch);
        }
        catch (OperationCanceledException)
        {
            watch.Note();
            throw;
        }

        contents.Flush();
        try
        {
            var context = new CaptureContext { Message = "baseline" };
            var snapshot = _store.Append(Draft(SnapshotKind.Baseline, context, clock) with { Changes = scan.Changes, Coverage = coverage.Build() }, baseline: contents);
            Remember(scan, snapshot);
            return snapshot;
        }
        catch (HeadMovedException)
        {
            return null; // another process began at the same time, and its baseline is recorded
        }
    }
}
