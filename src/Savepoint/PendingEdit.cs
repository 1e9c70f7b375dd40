using Savepoint.Model;

namespace Savepoint;

/// <summary>
/// An edit that was announced and not yet recorded. If it is never committed nothing is lost: the change is then found by
/// the next capture, without its actor. Not thread-safe.
/// </summary>
public sealed class PendingEdit
{
    private readonly SnapshotManager _manager;
    private readonly List<WorkspacePath> _paths;
    private readonly CaptureContext _context;
    private readonly long? _span;

    internal PendingEdit(SnapshotManager manager, List<WorkspacePath> paths, CaptureContext context, SnapshotNumber? drift, long? span)
    {
        _manager = manager;
        _paths = paths;
        _context = context;
        Drift = drift;
        _span = span;
    }

    /// <summary>The snapshot of what was unrecorded at these paths before the edit; null if nothing was.</summary>
    public SnapshotNumber? Drift { get; }

    /// <summary>Records what the edit did, as one snapshot with its patch. (The seed's capturePostOperation.)</summary>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <returns>The capture; its snapshot is null if nothing changed.</returns>
    public Task<CaptureResult> CommitAsync(CancellationToken cancellationToken = default) =>
        _manager.CommitEditAsync(_paths, _context, _span is { } span ? new SpanEnd(span) : null, cancellationToken);
}
