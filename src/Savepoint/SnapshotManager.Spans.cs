using Savepoint.Model;

namespace Savepoint;

/// <content>Announced spans: edits and commands under way, kept in the store for a watcher to know whose doing a change is.</content>
public sealed partial class SnapshotManager
{
    /// <summary>
    /// Announces a command that may change anything in the workspace: what is unrecorded now is recorded by itself, so
    /// that the command's snapshot holds its doing alone. To start the command is the caller's business, who knows what
    /// its standard streams and signals are to be.
    /// </summary>
    /// <param name="context">Who runs it, with what; the message is usually its command line.</param>
    /// <param name="cancellationToken">Stops the scan; nothing is announced then.</param>
    /// <returns>The command under way. Call <see cref="PendingCommand.CommitAsync"/> once it has ended.</returns>
    public async Task<PendingCommand> BeginCommandAsync(CaptureContext? context = null, CancellationToken cancellationToken = default)
    {
        context ??= CaptureContext.None;
        var span = Announce(context, paths: null);
        try
        {
            var drift = await CaptureAsync([], SnapshotKind.Drift, new CaptureContext { Message = "unrecorded changes, found before a command" }, wholeTree: true, withPatch: false, cancellationToken).ConfigureAwait(false);
            return new PendingCommand(this, context, span, drift, Head!.Value);
        }
        catch
        {
            AbandonCommand(span);
            throw;
        }
    }

    internal async Task<CaptureResult> CommitCommandAsync(CaptureContext context, SpanEnd end, CancellationToken cancellationToken)
    {
        await RecordEditsAsync(cancellationToken).ConfigureAwait(false);
        return await CaptureAsync([], SnapshotKind.Operation, context, wholeTree: true, withPatch: false, cancellationToken, end).ConfigureAwait(false);
    }

    /// <summary>Records, as theirs, what edits under way have done so far: who named a path comes before who may change anything.</summary>
    private async Task RecordEditsAsync(CancellationToken cancellationToken)
    {
        var now = _options.Time.GetUtcNow();
        var edits = _store.Spans.All(Branch).FindAll(span => span.Paths is not null && span.IsAliveAt(now));
        if (edits.Count == 0)
        {
            return;
        }

        using var held = await ShareAsync(cancellationToken).ConfigureAwait(false);
        edits.ForEach(edit => Record([.. edit.Paths!], SnapshotKind.Operation, edit.Context, edit.Paths!.Any(path => _tree.Stat(path) is { IsDirectory: true }), cancellationToken, isFirstLook: false));
    }

    internal void AbandonCommand(long span) => _store.Spans.End(span);

    private long Announce(CaptureContext context, List<WorkspacePath>? paths) => _store.Spans.Begin(Branch, _options.Time.GetUtcNow(), context, paths);

    private void End(SpanEnd? end)
    {
        if (end is not null)
        {
            _store.Spans.End(end.Span);
        }
    }
}
