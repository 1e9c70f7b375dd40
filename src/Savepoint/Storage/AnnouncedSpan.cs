using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>How likely a span is the cause of what changes during it.</summary>
internal enum Likelihood
{
    /// <summary>It is there to change things, and its agent waits for it.</summary>
    Likely,

    /// <summary>Its tool seldom writes.</summary>
    Seldom,

    /// <summary>Its agent has gone on to other work.</summary>
    InBackground,

    /// <summary>Its turn was over before its end was told: it explains nothing, but if its end is told after all, it was under way.</summary>
    Lapsed,

    /// <summary>Its end was told: it explains nothing, and is kept for a moment to know a second telling by.</summary>
    Ended,
}

/// <summary>
/// An edit or a command that was announced and has not ended: what changes below its paths meanwhile is most likely its
/// doing. It lasts as long as its owner lives; one that no process owns, until somebody ends it, or a day.
/// </summary>
/// <param name="Id">Its number in the store; a later span has a greater one.</param>
/// <param name="Owner">The process that will end it.</param>
/// <param name="Begun">When it was announced.</param>
/// <param name="Context">Who, with what.</param>
/// <param name="Paths">What it is about, each with all below; null for the whole tree.</param>
/// <param name="Likelihood">How likely it is to change anything that it does not name.</param>
/// <param name="Teller">Of one without an owner, the process that will have its end told; none if that is not known.</param>
internal sealed record AnnouncedSpan(
    long Id, ProcessIdentity Owner, DateTimeOffset Begun, CaptureContext Context, IReadOnlyList<WorkspacePath>? Paths, Likelihood Likelihood = Likelihood.Likely, ProcessIdentity Teller = default)
{
    /// <summary>How long one lasts that no process owns and nobody ends.</summary>
    public static readonly TimeSpan LongestUnowned = TimeSpan.FromDays(1);

    /// <summary>How well it explains a change that it covers, 0 best: it named the path, or may change anything, or hardly does, or goes on beside its agent's other work.</summary>
    public int Rank => Paths is not null ? 0 : 1 + (int)Likelihood;

    /// <summary>Whether it is still under way.</summary>
    public bool IsAliveAt(DateTimeOffset now) => Owner == ProcessIdentity.None ? now - Begun < LongestUnowned : Owner.IsAlive;

    /// <summary>Whether nobody is left who could tell of its end: what it did is there, and what comes is not its doing.</summary>
    public bool IsAbandoned => Teller != ProcessIdentity.None && !Teller.IsAlive;

    /// <summary>Whether a change there may be its doing.</summary>
    public bool Covers(WorkspacePath path) => Paths is null || Paths.Any(path.IsWithin);

    /// <summary>As <see cref="Covers"/>, or a directory above its paths, which the edit may have to make first.</summary>
    public bool Concerns(WorkspacePath path) => Covers(path) || Paths!.Any(own => own.IsWithin(path));
}
