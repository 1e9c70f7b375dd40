using Savepoint.Model;

namespace Savepoint;

/// <summary>
/// A command that was announced and is under way. All that changes in the workspace until <see cref="CommitAsync"/> is
/// recorded as its doing. If that is never called nothing is lost: a watcher, or the next capture, finds the changes. Not
/// thread-safe.
/// </summary>
public sealed class PendingCommand
{
    private readonly SnapshotManager _manager;
    private readonly CaptureContext _context;
    private readonly long _span;

    internal PendingCommand(SnapshotManager manager, CaptureContext context, long span, CaptureResult drift, SnapshotNumber before)
    {
        _manager = manager;
        _context = context;
        _span = span;
        Drift = drift.Snapshot?.Number;
        CoverageBefore = drift.Coverage;
        Before = before;
    }

    /// <summary>The snapshot of what was unrecorded before the command; null if nothing was.</summary>
    public SnapshotNumber? Drift { get; }

    /// <summary>The snapshot that holds the workspace as it was before the command.</summary>
    public SnapshotNumber Before { get; }

    /// <summary>What the look before the command did not record.</summary>
    internal Coverage CoverageBefore { get; }

    /// <summary>Records what the command did, as one snapshot with its exit code, also if it changed nothing.</summary>
    /// <param name="exitCode">How it ended: its exit code, or 128 and the number of the signal that ended it.</param>
    /// <param name="duration">How long it ran.</param>
    /// <param name="cancellationToken">Stops the scan; nothing is recorded then, and this may be called again.</param>
    public Task<CaptureResult> CommitAsync(int exitCode, TimeSpan duration, CancellationToken cancellationToken = default) =>
        _manager.CommitCommandAsync(_context, new SpanEnd(_span, exitCode, duration), cancellationToken);

    /// <summary>As <see cref="CommitAsync"/>, however long that takes: for a working copy that is going to be deleted.</summary>
    internal Task<CaptureResult> CommitAllAsync(int exitCode, TimeSpan duration, CancellationToken cancellationToken) =>
        _manager.CommitCommandAsync(_context, new SpanEnd(_span, exitCode, duration) { HasNoDeadline = true }, cancellationToken);

    /// <summary>Records what was done, as one snapshot, for something that has no exit code: nothing if it changed nothing.</summary>
    /// <param name="cancellationToken">Stops the scan; nothing is recorded then, and this may be called again.</param>
    public Task<CaptureResult> CommitCallAsync(CancellationToken cancellationToken = default) =>
        _manager.CommitCommandAsync(_context, new SpanEnd(_span), cancellationToken);

    /// <summary>Takes back what the command did, which was committed as <paramref name="done"/>: by a rollback that can itself be undone.</summary>
    /// <param name="done">The snapshot of <see cref="CommitAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait for another process; once files are written it is ignored.</param>
    /// <remarks>
    /// The whole tree goes back, unless others recorded something meanwhile: then only the paths that the command
    /// changed, so that their work stays. A watcher may have recorded in the command's name what it did first.
    /// </remarks>
    public Task<RestoreResult> RollBackAsync(Snapshot done, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(done);
        var since = Since();
        var own = since.Where(snapshot => snapshot.Number == done.Number || IsOwn(snapshot)).ToList();
        var paths = own.Count < since.Count ? own.SelectMany(snapshot => snapshot.Changes).SelectMany(change => change.PerPath()).Select(change => change.Path).Distinct() : null;
        return _manager.GoBackAsync(Before, paths, dryRun: false, _context with { Message = $"after exit code {done.ExitCode} of: {_context.Message}" }, mayBeNothing: false, cancellationToken);
    }

    private List<Snapshot> Since()
    {
        var since = new List<Snapshot>();
        for (var next = _manager.Head; next is { } number && number.Value > Before.Value; next = since[^1].Parent)
        {
            since.Add(_manager.GetSnapshot(number));
        }

        return since;
    }

    private bool IsOwn(Snapshot snapshot) => snapshot.Actor == _context.Actor && snapshot.Tool == _context.Tool && snapshot.Message == _context.Message;

    /// <summary>Ends it without a record: the command could not be started.</summary>
    public void Abandon() => _manager.AbandonCommand(_span);
}
