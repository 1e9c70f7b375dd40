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

    /// <summary>A tool's call has ended, well or not: what it did is recorded as its doing, where nobody else was at work. Told again, nothing is recorded.</summary>
    /// <param name="context">As at its beginning. A call without an id is taken for the oldest of its session that looks the same.</param>
    /// <param name="paths">As at its beginning, for a call whose beginning nobody told of.</param>
    /// <param name="outcome">How it ended; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and a scan; the call is under way still.</param>
    /// <returns>What was recorded.</returns>
    public async Task<IReadOnlyList<Snapshot>> EndCallAsync(CaptureContext context, IEnumerable<WorkspacePath>? paths, CallOutcome? outcome = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Find(context) is { } begun)
        {
            return await EndAsync(new EndedCall(begun, outcome), cancellationToken).ConfigureAwait(false);
        }

        switch (context.Actor.ToolCall is { } call ? _store.Spans.FindOver(Branch, context.Actor.Session, call) : null)
        {
            case { Likelihood: Likelihood.Ended }:
                return [];
            case { } lapsed: // by a prompt that was given while it was under way: it belongs to the turn that it began in
                _store.Spans.Resume(lapsed.Id);
                return await EndAsync(new EndedCall(lapsed, outcome), cancellationToken).ConfigureAwait(false);
        }

        // Nobody told of the beginning: what is found is most likely its doing all the same.
        var id = _store.Spans.Begin(Branch, _options.Time.GetUtcNow(), context, paths is null ? null : Checked(paths), isOwned: false);
        return _store.Spans.All(Branch).Find(span => span.Id == id) is { } announced
            ? await EndAsync(new EndedCall(announced, outcome, IsFirstLook: true), cancellationToken).ConfigureAwait(false)
            : []; // another process has ended it meanwhile, to which the same was told
    }

    /// <summary>What a call left running has ended: what it did since is recorded as its doing. If no such call is under way, it is as at any other look.</summary>
    /// <param name="call">Whose call, with its id.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and the scan; the call is under way still.</param>
    /// <returns>What was recorded.</returns>
    public async Task<IReadOnlyList<Snapshot>> EndBackgroundAsync(Actor call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.ToolCall is not null && Find(new CaptureContext { Actor = call }) is { } begun
            ? await EndAsync(new EndedCall(begun, Outcome: null), cancellationToken).ConfigureAwait(false)
            : await CatchUpAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Records everything that is unrecorded, as the doing of whoever has announced something there, else of nobody.</summary>
    /// <param name="session">The session whose calls are all over, whatever was told of them; null: none is.</param>
    /// <param name="isOver">Whether what the session runs in the background is over, too.</param>
    /// <param name="agent">The agent whose calls are over; those of others in the session, its sub-agents, go on in the background. Null: all are over.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and the scan.</param>
    /// <returns>What was recorded.</returns>
    public async Task<IReadOnlyList<Snapshot>> CatchUpAsync(string? session = null, bool isOver = false, string? agent = null, CancellationToken cancellationToken = default)
    {
        var recorded = await RecordOwnedAsync(null, "unrecorded changes", ended: null, cancellationToken).ConfigureAwait(false);
        foreach (var span in CallsOf(session))
        {
            if (isOver)
            {
                _store.Spans.End(span.Id);
            }
            else if (agent is not null && span.Context.Actor.Agent != agent)
            {
                _store.Spans.MoveToBackground(span.Id);
            }
            else if (span.Likelihood != Likelihood.InBackground)
            {
                _store.Spans.Lapse(span.Id);
            }
        }

        if (isOver && session is not null)
        {
            _store.EndSession(session, _options.Time.GetUtcNow());
        }

        return recorded;
    }

    /// <summary>A sub-agent has ended: everything that is unrecorded is recorded, and none of its calls is under way any more.</summary>
    /// <param name="subagent">Its name, and its session.</param>
    /// <param name="cancellationToken">Ends the wait for another process, and the scan.</param>
    /// <returns>What was recorded.</returns>
    public async Task<IReadOnlyList<Snapshot>> EndAgentAsync(Actor subagent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subagent);
        var recorded = await CatchUpAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        CallsOf(subagent.Session).FindAll(span => span.Context.Actor.Agent == subagent.Agent).ForEach(span => _store.Spans.End(span.Id));
        return recorded;
    }

    private async Task<IReadOnlyList<Snapshot>> EndAsync(EndedCall ended, CancellationToken cancellationToken)
    {
        var recorded = await RecordOwnedAsync(ended.Span.Paths?.ToList(), "unrecorded changes, found after a call", ended, cancellationToken).ConfigureAwait(false);
        if (ended.Outcome is { IsInBackground: true })
        {
            _store.Spans.MoveToBackground(ended.Span.Id);
        }
        else if (!_store.Spans.EndTold(ended.Span.Id, _options.Time.GetUtcNow()) && ended.Span.Context is { Actor.ToolCall: null } context && Find(context) is { } twin)
        {
            _store.Spans.End(twin.Id); // of two calls without an id that look the same, another process has ended this one at the same time
        }

        return recorded;
    }

    /// <summary>A session's calls under way: what a process owns is its own to end.</summary>
    private List<AnnouncedSpan> CallsOf(string? session) =>
        session is null ? [] : _store.Spans.All(Branch).FindAll(span => span.Owner == ProcessIdentity.None && span.Context.Actor.Session == session);

    private AnnouncedSpan? Find(CaptureContext context)
    {
        var open = _store.Spans.All(Branch).FindAll(span => span.Owner == ProcessIdentity.None && span.Context.Actor.Session == context.Actor.Session);
        return context.Actor.ToolCall is { } call
            ? open.Find(span => span.Context.Actor.ToolCall == call)
            : open.Find(span => span.Context.Tool == context.Tool && span.Context.Message == context.Message && span.Context.Actor.Agent == context.Actor.Agent);
    }

    private async Task<IReadOnlyList<Snapshot>> RecordOwnedAsync(
        List<WorkspacePath>? paths, string unowned, EndedCall? ended, CancellationToken cancellationToken)
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
        List<WorkspacePath>? paths, string unowned, EndedCall? ended, List<Snapshot> recorded, CancellationToken cancellationToken)
    {
        var coverage = new CoverageBuilder();
        var isWhole = paths is null || paths.Exists(path => path.IsRoot || _tree.Stat(path) is { IsDirectory: true });
        var scan = isWhole ? Scan(_store.Contents, paths ?? [], coverage, _options.ScanDeadline, cancellationToken) : null;
        var changes = scan?.Changes ?? new PathRecorder(_tree, _store.HeadTree(Branch), Reader(_store.Contents, coverage, isLimited: ended is not null)).Record(paths!);
        if (paths is not null && (ended is null || ended.IsFirstLook))
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
            // That it was recorded meanwhile, by a watcher or by another process that was told the same, makes no second snapshot.
            if (_store.Append(draft, needsChange: true) is { } snapshot)
            {
                recorded.Add(snapshot);
                Judge(snapshot);
            }
        }

        Remember(scan, recorded.Count == 0 ? null : recorded[^1]);
        return true;
    }

    /// <summary>A call whose end is being recorded.</summary>
    /// <param name="Span">What was announced of it.</param>
    /// <param name="Outcome">How it ended; null if that is not known.</param>
    /// <param name="IsFirstLook">Whether nobody looked at its paths at its beginning, so that what stands there may have been there before.</param>
    private sealed record EndedCall(AnnouncedSpan Span, CallOutcome? Outcome, bool IsFirstLook = false);
}
