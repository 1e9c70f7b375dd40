using Savepoint.Diffs;
using Savepoint.Model;
using Savepoint.Workspaces;

namespace Savepoint.Editing;

/// <summary>
/// The tree as an edit reads it before it decides anything. No link is followed: one that stands where a directory is
/// needed, or where a file is to be edited, is refused, for what is behind it may be anywhere.
/// </summary>
/// <param name="tree">The files.</param>
/// <param name="stateNow">What stands at a path; null for what can be neither recorded nor restored.</param>
internal sealed class EditTree(WorkspaceTree tree, Func<WorkspacePath, FileState?> stateNow)
{
    /// <summary>The largest file that is edited: 64 MiB. Its text is held several times while an edit is computed.</summary>
    public const int MaxFileBytes = 64 << 20;

    /// <summary>What stands at a path.</summary>
    /// <exception cref="SavepointException">A link stands above it, or what stands there cannot be recorded.</exception>
    public FileState State(WorkspacePath path)
    {
        foreach (var above in path.Ancestors())
        {
            if (tree.Stat(above) is { Type: EntryType.Symlink })
            {
                throw Refused($"{Quote(path)} leads through the symbolic link {Quote(above)}, which is not followed.", "Name the path that the link leads to, if it is in the workspace.");
            }
        }

        return stateNow(path) ?? throw Refused($"{Quote(path)} is something that cannot be recorded: a pipe, socket or device, or a file that may not be read.", "Leave it out.");
    }

    /// <summary>What stands at a path, with its bytes.</summary>
    /// <exception cref="SavepointException">As for <see cref="State"/>; or the file is larger than <see cref="MaxFileBytes"/>.</exception>
    public FileVersion Read(WorkspacePath path)
    {
        var state = State(path);
        switch (state)
        {
            case FileState.Regular:
                // What was hashed is not used: these bytes are, and their hash says later whether they were the recorded ones.
                if (tree.TryReadAllBytes(path, MaxFileBytes) is not { } read)
                {
                    return FileVersion.None;
                }

                return read.Bytes is { } bytes
                    ? new FileVersion(new FileState.Regular(read.Stat.Mode, ContentId.Of(bytes), bytes.Length), bytes)
                    : throw Refused($"{Quote(path)} is larger than {MaxFileBytes >> 20} MiB, the most that is edited.", "Change it with a command; that is recorded as well.");
            case FileState.Symlink:
                var target = tree.TryReadLink(path) ?? [];
                return new FileVersion(new FileState.Symlink(ContentId.Of(target), target.Length), target);
            default:
                return new FileVersion(state, default);
        }
    }

    /// <summary>A file to edit, or nothing.</summary>
    /// <exception cref="SavepointException">A directory or a link stands there.</exception>
    public FileVersion ReadFile(WorkspacePath path)
    {
        var found = Read(path);
        return found.State switch
        {
            FileState.Directory => throw Refused($"{Quote(path)} is a directory.", "Name a file in it."),
            FileState.Symlink => throw Refused($"{Quote(path)} is a symbolic link to {PathQuoting.Quote(found.Content.Span)}; an edit would write to what is behind it.", "Name the file that the link leads to, if it is in the workspace, or delete the link first."),
            _ => found,
        };
    }

    /// <summary>What a directory holds, Savepoint's temporary files left out; empty if it is none.</summary>
    public IEnumerable<WorkspacePath> Entries(WorkspacePath directory) =>
        (tree.TryList(directory) ?? []).Where(entry => !TemporaryName.IsTemporary(entry.Name)).Select(entry => directory.Append(entry.Name)).Order();

    /// <summary>All that stands at and below a path, a directory before what it holds.</summary>
    public IEnumerable<WorkspacePath> AtAndBelow(WorkspacePath path)
    {
        var pending = new Stack<WorkspacePath>([path]);
        while (pending.TryPop(out var next))
        {
            yield return next;
            foreach (var entry in Entries(next).Reverse())
            {
                pending.Push(entry);
            }
        }
    }

    private static string Quote(WorkspacePath path) => PathQuoting.Quote(path.Bytes);

    private static SavepointException Refused(string message, string hint) => new(ErrorCode.RefusedPath, message, hint);
}
