using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Storage;

namespace Savepoint;

/// <content>
/// Tool calls of an agent that tells of their beginning and end from two processes, as its hooks do: what is between the
/// two is in the store, and an end that never comes costs nothing.
/// </content>
public sealed partial class SnapshotManager
{
    /// <summary>The longest part of a prompt that is kept, in UTF-16 units: enough to know it by.</summary>
    private const int MaxPromptLength = 500;

    /// <summary>A prompt was given: what follows in its session belongs to it.</summary>
    /// <param name="actor">Whose. A session is needed; a turn that its client has no name for gets one, of the session and a count.</param>
    /// <param name="prompt">The prompt, of which the beginning is kept; null if it is not known.</param>
    public Turn BeginTurn(Actor actor, string? prompt)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var session = actor.Session ?? throw new ArgumentException("A turn is of a session.", nameof(actor));
        var name = actor.Turn ?? $"{(session.Length > 8 ? session[..8] : session)}-{_store.Turns.Count(session) + 1}";
        var turn = new Turn(actor.Agent, session, name, _options.Time.GetUtcNow(), prompt is { Length: > MaxPromptLength } ? prompt[..MaxPromptLength] : prompt);
        _store.Turns.Add(turn);
        return turn;
    }

    /// <summary>The newest turn of a session; null if none was announced.</summary>
    public Turn? CurrentTurn(string session) => _store.Turns.Newest(session);

    /// <summary>A turn of a session; null if it was not announced by <see cref="BeginTurn"/>.</summary>
    public Turn? FindAnnouncedTurn(string session, string turn) => _store.Turns.Find(session, turn);

    /// <summary>
    /// A tool is about to be called: what is unrecorded where it may write is recorded now, as the doing of whoever has
    /// announced something there, else of nobody.
    /// </summary>
    /// <param name="context">Who calls which tool.</param>
    /// <param name="paths">What the call will write; null if it may write anything.</param>
    /// <param name="isUnlikely">Whether it seldom writes at all, so that what happens during another call is more likely that one's.</param>
    /// <param name="tellerProcess">The number of the process that will have its end told, the agent's client; null if it is not known. Once that has ended, what is found after the next look at the whole tree is not the call's doing any more.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and a scan.</param>
    /// <returns>What was recorded.</returns>
    public async Task<IReadOnlyList<Snapshot>> BeginCallAsync(
        CaptureContext context, IEnumerable<WorkspacePath>? paths, bool isUnlikely = false, int? tellerProcess = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var named = paths is null ? null : Checked(paths);
        var recorded = await RecordOwnedAsync(named, $"unrecorded changes, found before {context.Tool ?? "a call"}", ended: null, cancellationToken).ConfigureAwait(false);
        _store.Spans.Begin(Branch, _options.Time.GetUtcNow(), context, named, isOwned: false, isUnlikely, tellerProcess is { } number ? ProcessIdentity.Of(number) : ProcessIdentity.None);
        return recorded;
    }

    /// <summary>A tool's call has ended, well or not: what it did is recorded as its doing, where nobody else was at work.</summary>
    /// <param name="context">As at its beginning. A call without an id is taken for the oldest of its session that looks the same.</param>
    /// <param name="paths">As at its beginning, for a call whose beginning nobody told of.</param>
    /// <param name="outcome">How it ended; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and a scan; the call is under way still.</param>
    /// <returns>What was recorded.</returns>
    public async Task<IReadOnlyList<Snapshot>> EndCallAsync(CaptureContext context, IEnumerable<WorkspacePath>? paths, CallOutcome? outcome = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var span = Find(context);
        if (span is null)
        {
            // Nobody told of the beginning: what is found is most likely its doing all the same.
            var id = _store.Spans.Begin(Branch, _options.Time.GetUtcNow(), context, paths is null ? null : Checked(paths), isOwned: false);
            span = _store.Spans.All(Branch).Find(begun => begun.Id == id)!;
        }

        var recorded = await RecordOwnedAsync(span.Paths?.ToList(), "unrecorded changes, found after a call", (span, outcome), cancellationToken).ConfigureAwait(false);
        if (outcome is { IsInBackground: true })
        {
            _store.Spans.MoveToBackground(span.Id);
        }
        else
        {
            _store.Spans.End(span.Id);
        }

        return recorded;
    }

    /// <summary>Records everything that is unrecorded, as the doing of whoever has announced something there, else of nobody.</summary>
    /// <param name="session">The session whose calls are all over, whatever was told of them; null: none is.</param>
    /// <param name="isOver">Whether what the session runs in the background is over, too.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and the scan.</param>
    /// <returns>What was recorded.</returns>
    public async Task<IReadOnlyList<Snapshot>> CatchUpAsync(string? session = null, bool isOver = false, CancellationToken cancellationToken = default)
    {
        var recorded = await RecordOwnedAsync(null, "unrecorded changes", ended: null, cancellationToken).ConfigureAwait(false);
        foreach (var span in _store.Spans.All(Branch).Where(span => session is not null && span.Context.Actor.Session == session && (isOver || span.Likelihood != Likelihood.InBackground)))
        {
            _store.Spans.End(span.Id);
        }

        if (isOver && session is not null)
        {
            _store.EndSession(session, _options.Time.GetUtcNow());
        }

        return recorded;
    }

    private AnnouncedSpan? Find(CaptureContext context)
    {
        var open = _store.Spans.All(Branch).FindAll(span => span.Owner == ProcessIdentity.None && span.Context.Actor.Session == context.Actor.Session);
        return context.Actor.ToolCall is { } call
            ? open.Find(span => span.Context.Actor.ToolCall == call)
            : open.Find(span => span.Context.Tool == context.Tool && span.Context.Message == context.Message && span.Context.Actor.Agent == context.Actor.Agent);
    }

    private async Task<IReadOnlyList<Snapshot>> RecordOwnedAsync(
        List<WorkspacePath>? paths, string unowned, (AnnouncedSpan Span, CallOutcome? Outcome)? ended, CancellationToken cancellationToken)
    {
        using var held = await ShareAsync(cancellationToken).ConfigureAwait(false);
        var recorded = new List<Snapshot>();
        var abandoned = paths is null ? _store.Spans.All(Branch).FindAll(span => span.IsAbandoned) : []; // before the look: what they did is seen by it
        UntilRecorded(() => WithRoom(paths ?? [], paths is null, () => RecordOwned(paths, unowned, ended, recorded, cancellationToken)), cancellationToken);
        abandoned.ForEach(span => _store.Spans.End(span.Id));
        _optimizer.Check();
        return recorded;
    }

    private bool RecordOwned(
        List<WorkspacePath>? paths, string unowned, (AnnouncedSpan Span, CallOutcome? Outcome)? ended, List<Snapshot> recorded, CancellationToken cancellationToken)
    {
        var coverage = new CoverageBuilder();
        var isWhole = paths is null || paths.Exists(path => path.IsRoot || _tree.Stat(path) is { IsDirectory: true });
        var scan = isWhole ? Scan(_store.Contents, paths ?? [], coverage, _options.ScanDeadline, cancellationToken) : null;
        var changes = scan?.Changes ?? new PathRecorder(_tree, _store.HeadTree(Branch), Reader(_store.Contents, coverage, isLimited: ended is not null)).Record(paths!);
        if (ended is null && paths is not null)
        {
            NoteIgnored(changes, coverage);
        }

        var spans = new SpanView(_store.Spans.All(Branch), _options.Time.GetUtcNow(), options: null);
        var built = coverage.Build();
        foreach (var owned in changes.SelectMany(change => change.PerPath()).GroupBy(change => spans.ContextOf(change.Path, wasHeld: false)))
        {
            var isUnowned = owned.Key == CaptureContext.None;
            var outcome = owned.Key == ended?.Span.Context ? ended?.Outcome : null;
            var draft = Draft(isUnowned ? SnapshotKind.Drift : SnapshotKind.Operation, isUnowned ? new CaptureContext { Message = unowned } : owned.Key) with
            {
                Changes = ChangeList.Build(owned),
                Coverage = built,
                ExitCode = outcome?.ExitCode,
                Duration = outcome?.Duration,
            };
            if (_store.Append(draft) is { } snapshot)
            {
                recorded.Add(snapshot);
                Judge(snapshot);
            }
        }

        Remember(scan, recorded.Count == 0 ? null : recorded[^1]);
        return true;
    }
}
