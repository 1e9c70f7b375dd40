using Savepoint.Model;

namespace Savepoint.Diffs;

/// <summary>
/// Merges one entry: what only one side changed is taken; of two files that both changed, the bytes are merged by lines and
/// the permission bits by themselves. Keeps the contents that it makes. Pure but for that.
/// </summary>
/// <param name="contents">Has every content that the entries name.</param>
/// <param name="markers">How conflicts in a text are written into it; null: they are not.</param>
internal sealed class EntryMerge(IContentSource contents, ConflictMarkers? markers)
{
    /// <summary>The contents that no side had.</summary>
    public Dictionary<ContentId, byte[]> Made { get; } = [];

    /// <summary>What shall stand where; null where that is for somebody to decide. And the conflict, if there is one.</summary>
    public (MergePlace? Merged, MergeConflict? Conflict) Merge(MergeEntry entry)
    {
        var (ancestor, ours, theirs) = entry;
        if (Pick(ancestor.Path, ours.Path, theirs.Path) is not { } path)
        {
            return (null, new MergeConflict(ours.Path, MergeConflictKind.Rename).With(theirs.Path, theirs.State));
        }

        if ((Pick(ancestor.State, ours.State, theirs.State) ?? DirectoryInstead(ancestor.State, ours.State, theirs.State)) is { } state)
        {
            return (new MergePlace(path, state), null);
        }

        var (merged, conflict) = MergeStates(ours.Path, ancestor.State, ours.State, theirs.State);
        return (merged is null ? null : new MergePlace(path, merged), conflict?.With(theirs.Path, theirs.State));
    }

    /// <summary>Where one side deleted a file or link and the other has a directory in its place, it is gone in both: to have the directory, too, takes nothing from anybody (as in git).</summary>
    private static FileState.Directory? DirectoryInstead(FileState ancestor, FileState ours, FileState theirs) => (ancestor, ours, theirs) switch
    {
        (not FileState.Directory, FileState.Absent, FileState.Directory directory) => directory,
        (not FileState.Directory, FileState.Directory directory, FileState.Absent) => directory,
        _ => null,
    };

    private (FileState? Merged, MergeConflict? Conflict) MergeStates(WorkspacePath path, FileState ancestor, FileState ours, FileState theirs)
    {
        MergeConflictKind? kind = (ancestor, ours, theirs) switch
        {
            (_, FileState.Absent, _) => MergeConflictKind.DeleteModify,
            (_, _, FileState.Absent) => MergeConflictKind.ModifyDelete,
            (FileState.Absent, FileState.Regular, FileState.Regular) or (FileState.Regular, FileState.Regular, FileState.Regular) => null,
            (FileState.Absent, _, _) => MergeConflictKind.AddAdd,
            (FileState.Directory, FileState.Directory, FileState.Directory) => MergeConflictKind.Mode,
            (FileState.Symlink, FileState.Symlink, FileState.Symlink) => MergeConflictKind.Symlink,
            _ => MergeConflictKind.Type,
        };
        return kind is { } known ? (null, new MergeConflict(path, known))
            : ancestor is FileState.Regular before ? MergeFiles(path, before, (FileState.Regular)ours, (FileState.Regular)theirs)
            : MergeAdded(path, (FileState.Regular)ours, (FileState.Regular)theirs);
    }

    /// <summary>Two files that each side made by itself: as git does, a merge from an empty base, which conflicts unless one of them is empty.</summary>
    private (FileState? Merged, MergeConflict? Conflict) MergeAdded(WorkspacePath path, FileState.Regular ours, FileState.Regular theirs)
    {
        var conflict = new MergeConflict(path, MergeConflictKind.AddAdd);
        if (Math.Max(ours.SizeBytes, theirs.SizeBytes) > PatchOptions.MaxTextBytes)
        {
            return (null, conflict);
        }

        var (now, other) = (contents.Read(ours.Content), contents.Read(theirs.Content));
        if (BinaryPatch.IsBinary(now) || BinaryPatch.IsBinary(other))
        {
            return (null, conflict);
        }

        var text = ThreeWayMerge.Merge(default, now, other);
        if (text.Conflicts.Count > 0)
        {
            return (markers is null ? null : Keep(text.ToBytes(markers), ours.Mode), conflict with { Ranges = text.Conflicts });
        }

        return ours.Mode == theirs.Mode ? (Keep(text.ToBytes(), ours.Mode), null) : (null, conflict);
    }

    private (FileState? Merged, MergeConflict? Conflict) MergeFiles(WorkspacePath path, FileState.Regular ancestor, FileState.Regular ours, FileState.Regular theirs)
    {
        if (Pick(ancestor.Mode, ours.Mode, theirs.Mode) is not { } mode)
        {
            return (null, new MergeConflict(path, MergeConflictKind.Mode));
        }

        if (Pick(ancestor.Content, ours.Content, theirs.Content) is { } content)
        {
            return ((content == ours.Content ? ours : theirs) with { Mode = mode }, null);
        }

        if (Math.Max(ancestor.SizeBytes, Math.Max(ours.SizeBytes, theirs.SizeBytes)) > PatchOptions.MaxTextBytes)
        {
            return (null, new MergeConflict(path, MergeConflictKind.TooLarge));
        }

        var (before, now, other) = (contents.Read(ancestor.Content), contents.Read(ours.Content), contents.Read(theirs.Content));
        if (BinaryPatch.IsBinary(before) || BinaryPatch.IsBinary(now) || BinaryPatch.IsBinary(other))
        {
            return (null, new MergeConflict(path, MergeConflictKind.Binary));
        }

        var text = ThreeWayMerge.Merge(before, now, other);
        var conflict = text.Conflicts.Count == 0 ? null : new MergeConflict(path, MergeConflictKind.Content, text.Conflicts);
        return conflict is null ? (Keep(text.ToBytes(), mode), null)
            : markers is not null ? (Keep(text.ToBytes(markers), mode), conflict)
            : (null, conflict);
    }

    private FileState.Regular Keep(byte[] content, UnixMode mode)
    {
        var id = ContentId.Of(content);
        Made[id] = content;
        return new FileState.Regular(mode, id, content.Length);
    }

    /// <summary>The side that differs from the base, or what both have; null if both differ from it and from each other.</summary>
    private static T? Pick<T>(T ancestor, T ours, T theirs)
        where T : class, IEquatable<T> => ours.Equals(ancestor) ? theirs : theirs.Equals(ancestor) || ours.Equals(theirs) ? ours : null;

    private static T? Pick<T>(T ancestor, T ours, T theirs, T? none = null)
        where T : struct, IEquatable<T> => ours.Equals(ancestor) ? theirs : theirs.Equals(ancestor) || ours.Equals(theirs) ? ours : none;
}
