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
    /// <param name="isAlive">Whether a span's owner is still there.</param>
    /// <param name="now">Now.</param>
    /// <param name="options">How long a span is waited for.</param>
    public SpanView(IReadOnlyList<AnnouncedSpan> spans, Func<AnnouncedSpan, bool> isAlive, DateTimeOffset now, WatchOptions options)
    {
        _living = [.. spans.Where(isAlive)];
        _waitedFor = _living.FindAll(span => now - span.Begun < (span.Paths is null ? options.CommandPatience : options.EditPatience));
        Orphans = [.. spans.Except(_living)];
        Newest = spans.Count == 0 ? 0 : spans[^1].Id;
    }

    /// <summary>The newest span there is; 0 without any.</summary>
    public long Newest { get; }

    /// <summary>Those whose owner died without ending them.</summary>
    public IReadOnlyList<AnnouncedSpan> Orphans { get; }

    /// <summary>Whether every change is left to a command's own snapshot.</summary>
    public bool HoldsAll => _waitedFor.Exists(span => span.Paths is null);

    /// <summary>Whether a change there is left to the snapshot of an edit or command under way.</summary>
    public bool Holds(WorkspacePath path) => _waitedFor.Exists(span => span.Covers(path));

    /// <summary>As <see cref="Holds"/>, or of a directory that such an edit may have to make.</summary>
    public bool MayConcern(WorkspacePath path) => _waitedFor.Exists(span => span.Concerns(path));

    /// <summary>Whose doing a change there is: that of the only one who announced something there; nobody's, by name of all, if there are several.</summary>
    /// <param name="path">Where.</param>
    /// <param name="wasHeld">Whether it was seen, and left alone, at an earlier look: then it may be the doing of one who has died since.</param>
    public CaptureContext ContextOf(WorkspacePath path, bool wasHeld)
    {
        var covering = _living.Concat(wasHeld ? Orphans : []).Where(span => span.Covers(path)).ToList();
        var actors = covering.Select(span => span.Context.Actor).Distinct().ToList();
        return covering.Count switch
        {
            0 => CaptureContext.None,
            1 => covering[0].Context,
            _ when actors.Count == 1 => new CaptureContext { Actor = actors[0], Tool = Only(covering, span => span.Context.Tool), Message = Only(covering, span => span.Context.Message) },
            _ => new CaptureContext { Message = $"changed while several worked here: {string.Join(", ", covering.Select(Name))}" },
        };
    }

    private static string? Only(List<AnnouncedSpan> spans, Func<AnnouncedSpan, string?> what) =>
        spans.Select(what).Distinct().ToList() is [var only] ? only : null;

    private static string Name(AnnouncedSpan span)
    {
        var (actor, tool) = (span.Context.Actor, span.Context.Tool);
        var name = string.Join('/', new[] { actor.Agent, actor.Session, actor.Turn }.Where(part => !string.IsNullOrEmpty(part)));
        return $"{(name.Length == 0 ? $"process {span.Owner.Number}" : name)}{(string.IsNullOrEmpty(tool) ? "" : $" {tool}")}";
    }
}
