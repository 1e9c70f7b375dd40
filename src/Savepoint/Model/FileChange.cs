namespace Savepoint.Model;

/// <summary>What a <see cref="FileChange"/> amounts to, in one word.</summary>
public enum ChangeKind
{
    /// <summary>A file appeared.</summary>
    Add,

    /// <summary>A file's bytes changed, perhaps its mode too.</summary>
    Modify,

    /// <summary>A file or link disappeared.</summary>
    Delete,

    /// <summary>A file or link moved from <see cref="FileChange.OldPath"/>, its content unchanged.</summary>
    Rename,

    /// <summary>Only the permission bits of a file or directory changed.</summary>
    Mode,

    /// <summary>A symbolic link appeared, or points elsewhere.</summary>
    Symlink,

    /// <summary>A directory appeared.</summary>
    Mkdir,

    /// <summary>A directory disappeared.</summary>
    Rmdir,

    /// <summary>One kind of entry took another's place: a file became a directory, a link a file.</summary>
    Type,
}

/// <summary>
/// One path's state before and after a snapshot. For a move, <see cref="OldPath"/> is where it came from: there, before
/// stood <see cref="Before"/> and after stands nothing; here, before stood nothing.
/// </summary>
/// <param name="Path">The path after the change.</param>
/// <param name="Before">What stood at <see cref="OldPath"/> ?? <see cref="Path"/>.</param>
/// <param name="After">What stands at <see cref="Path"/>.</param>
/// <param name="OldPath">Where a moved entry was; null for everything else.</param>
public sealed record FileChange(WorkspacePath Path, FileState Before, FileState After, WorkspacePath? OldPath = null)
{
    /// <summary>The change in one word.</summary>
    public ChangeKind Kind => (Before, After) switch
    {
        _ when OldPath is not null => ChangeKind.Rename,
        (FileState.Absent, FileState.Regular) => ChangeKind.Add,
        (FileState.Absent, FileState.Symlink) => ChangeKind.Symlink,
        (FileState.Absent, FileState.Directory) => ChangeKind.Mkdir,
        (FileState.Directory, FileState.Absent) => ChangeKind.Rmdir,
        (_, FileState.Absent) => ChangeKind.Delete,
        (FileState.Regular before, FileState.Regular after) => before.Content == after.Content ? ChangeKind.Mode : ChangeKind.Modify,
        (FileState.Symlink, FileState.Symlink) => ChangeKind.Symlink,
        (FileState.Directory, FileState.Directory) => ChangeKind.Mode,
        _ => ChangeKind.Type,
    };

    /// <summary>The change that takes this one back.</summary>
    public FileChange Reverse() =>
        OldPath is { } old ? new FileChange(old, After, Before, Path) : new FileChange(Path, After, Before);

    /// <summary>What of it is at or below some paths: all of it, nothing, or, of a move that only one end of is, the file that appeared or disappeared there, as git has it.</summary>
    /// <param name="paths">Files or directories.</param>
    public IEnumerable<FileChange> At(IReadOnlyCollection<WorkspacePath> paths)
    {
        var ends = PerPath().Where(end => paths.Any(end.Path.IsWithin)).ToList();
        return ends.Count == 2 ? [this] : ends;
    }

    /// <summary>The change as plain paths: one, or for a move two, the disappearance first.</summary>
    public IEnumerable<FileChange> PerPath()
    {
        if (OldPath is not { } old)
        {
            return [this];
        }

        return [new FileChange(old, Before, FileState.None), new FileChange(Path, FileState.None, After)];
    }
}
