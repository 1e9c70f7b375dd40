using Savepoint.Model;
using Savepoint.Storage;

namespace Savepoint;

/// <summary>
/// The announced spans as a watcher sees them at one moment: whose changes to leave alone for now, and whose doing the
/// others are. Pure.
/// </summary>
internal sealed class SpanView
{
    private readonly List<AnnouncedSpan> _living;
    private readonly List<AnnouncedSpan> _waitedFor;

    /// <param name="spans">All spans of the branch, the oldest first.</param>
    /// <param name="now">Now.</param>
    /// <param name="options">How long a watcher waits for a span, for which one whose client is gone has ended; null: for none, nor does it end one.</param>
    public SpanView(IReadOnlyList<AnnouncedSpan> spans, DateTimeOffset now, WatchOptions? options)
    {
        _living = [.. spans.Where(span => span.IsAliveAt(now) && (options is null || !span.IsAbandoned))];
        _waitedFor = _living.FindAll(span => options is not null && span.Likelihood == Likelihood.Likely && now - span.Begun < (span.Paths is null ? options.CommandPatience : options.EditPatience));
        Orphans = [.. spans.Except(_living)];
        Newest = spans.Count == 0 ? 0 : spans[^1].Id;
    }

    /// <summary>The newest span there is; 0 without any.</summary>
    public long Newest { get; }

    /// <summary>Those whose owner, or the client that would have told of it, died without ending them.</summary>
    public IReadOnlyList<AnnouncedSpan> Orphans { get; }

    /// <summary>Whether every change is left to a command's own snapshot.</summary>
    public bool HoldsAll => _waitedFor.Exists(span => span.Paths is null);

    /// <summary>Whether a change there is left to the snapshot of an edit or command under way.</summary>
    public bool Holds(WorkspacePath path) => _waitedFor.Exists(span => span.Covers(path));

    /// <summary>As <see cref="Holds"/>, or of a directory that such an edit may have to make.</summary>
    public bool MayConcern(WorkspacePath path) => _waitedFor.Exists(span => span.Concerns(path));

    /// <summary>
    /// Whose doing a change there is: that of the only one who announced something there, where who named the path comes
    /// before who may change anything, and a likely writer before an unlikely one. A directory that
    /// an edit may have had to make is that edit's. If there are several left,
    /// it is what they have in common: one session's, by the names of its calls, or nobody's, by the names of all.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="wasHeld">Whether it was seen, and left alone, at an earlier look: then it may be the doing of one who has died since.</param>
    public CaptureContext ContextOf(WorkspacePath path, bool wasHeld)
    {
        var covering = Best(_living.Concat(wasHeld ? Orphans : []).Where(span => span.Concerns(path)));
        if (covering is [var only])
        {
            return only.Context;
        }

        var actors = covering.Select(span => span.Context.Actor).Distinct().ToList();
        var sessions = actors.Select(actor => actor with { ToolCall = null }).Distinct().ToList();
        return covering.Count == 0 ? CaptureContext.None
            : sessions is not [var session] ? new CaptureContext { Message = $"changed while several worked here: {string.Join(", ", covering.Select(Name))}" }
            : new CaptureContext
            {
                Actor = actors is [var actor] ? actor : session,
                Tool = Only(covering, span => span.Context.Tool),
                Message = Only(covering, span => span.Context.Message) ?? (actors.Count == 1 ? null : $"changed while {covering.Count} calls were under way: {string.Join("; ", covering.Select(span => span.Context.Message ?? span.Context.Tool))}"),
            };
    }

    private static List<AnnouncedSpan> Best(IEnumerable<AnnouncedSpan> spans) =>
        spans.GroupBy(span => span.Rank).MinBy(group => group.Key)?.ToList() ?? [];

    private static string? Only(List<AnnouncedSpan> spans, Func<AnnouncedSpan, string?> what) =>
        spans.Select(what).Distinct().ToList() is [var only] ? only : null;

    private static string Name(AnnouncedSpan span)
    {
        var (actor, tool) = (span.Context.Actor, span.Context.Tool);
        var name = string.Join('/', new[] { actor.Agent, actor.Session, actor.Turn }.Where(part => !string.IsNullOrEmpty(part)));
        return $"{(name.Length == 0 ? $"process {span.Owner.Number}" : name)}{(string.IsNullOrEmpty(tool) ? "" : $" {tool}")}";
    }
}
