using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>
/// An edit or a command that was announced and has not ended: what changes below its paths meanwhile is most likely its
/// doing. It lasts as long as its owner lives.
/// </summary>
/// <param name="Id">Its number in the store; a later span has a greater one.</param>
/// <param name="Owner">The process that will end it.</param>
/// <param name="Begun">When it was announced.</param>
/// <param name="Context">Who, with what.</param>
/// <param name="Paths">What it is about, each with all below; null for the whole tree.</param>
internal sealed record AnnouncedSpan(long Id, ProcessIdentity Owner, DateTimeOffset Begun, CaptureContext Context, IReadOnlyList<WorkspacePath>? Paths)
{
    /// <summary>Whether a change there may be its doing.</summary>
    public bool Covers(WorkspacePath path) => Paths is null || Paths.Any(path.IsWithin);

    /// <summary>As <see cref="Covers"/>, or a directory above its paths, which the edit may have to make first.</summary>
    public bool Concerns(WorkspacePath path) => Covers(path) || Paths!.Any(own => own.IsWithin(path));
}
