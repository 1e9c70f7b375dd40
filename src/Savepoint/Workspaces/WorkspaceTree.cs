using Savepoint.Model;
using Savepoint.Workspaces.Linux;
using Savepoint.Workspaces.Portable;

namespace Savepoint.Workspaces;

/// <summary>
/// The files of one workspace, and the only way in and out of them: in go paths relative to the root, out come bytes and
/// stats. No symbolic link is ever followed, neither as the last segment nor on the way, so nothing outside the root is
/// read or written, whatever links stand in the tree or are put there between two calls. (A mount point inside the tree
/// is part of it.)
/// </summary>
/// <remarks>
/// <para>
/// Reading takes absence as an answer, for files vanish while a tree is scanned: an entry is absent when its path leads
/// through something that is missing, no directory, or a link. Writing requires its parent directory, and throws a
/// <see cref="SavepointException"/> with <see cref="ErrorCode.RefusedPath"/> if a link is in the way or the path is git's.
/// </para>
/// <para>
/// All other failures are a <see cref="SavepointException"/>: <see cref="ErrorCode.DiskFull"/>,
/// <see cref="ErrorCode.PermissionDenied"/> or <see cref="ErrorCode.Environment"/>. All members but <see cref="Dispose()"/>
/// may be called from many threads at once.
/// </para>
/// </remarks>
internal abstract class WorkspaceTree : IDisposable
{
    /// <param name="root">The root's canonical path.</param>
    protected WorkspaceTree(string root) => Root = root;

    /// <summary>The root's absolute path, free of links when it was opened.</summary>
    public string Root { get; }

    /// <summary>Opens the directory <paramref name="root"/>, which alone may be reached through links.</summary>
    /// <exception cref="SavepointException">It is missing, no directory, or not accessible.</exception>
    public static WorkspaceTree Open(string root) =>
        OperatingSystem.IsLinux() ? LinuxTree.Open(root) : PortableTree.Open(root);

    /// <summary>What this back end cannot do, in sentences for people; empty on Linux.</summary>
    public abstract IReadOnlyList<string> Limitations { get; }

    /// <summary>Which directory the opened root is; <c>default</c> if the back end cannot tell.</summary>
    public abstract WorkspaceIdentity Identify();

    /// <summary>
    /// Whether <see cref="Root"/> still leads to the opened directory. If not, it was moved, or deleted and perhaps made
    /// anew: what this tree then says (that everything is absent, say) is not about the workspace any more.
    /// </summary>
    public abstract bool IsAtRoot();

    /// <summary>What stands at <paramref name="path"/>; null if it is absent.</summary>
    public abstract EntryStat? Stat(WorkspacePath path);

    /// <summary>Opens a directory to read its entries; null if it is absent or no directory.</summary>
    public abstract DirectoryReader? TryOpenDirectory(WorkspacePath directory);

    /// <summary>All entries of a directory with their stats, in no particular order; null if it is absent or no directory.</summary>
    public List<DirectoryEntry>? TryList(WorkspacePath directory)
    {
        using var reader = TryOpenDirectory(directory);
        if (reader is null)
        {
            return null;
        }

        var entries = new List<DirectoryEntry>();
        while (reader.MoveNext())
        {
            if (reader.Stat() is { } stat)
            {
                entries.Add(new DirectoryEntry(reader.Name.ToArray(), stat));
            }
        }

        return entries;
    }

    /// <summary>
    /// Opens a regular file; null if it is absent or anything else. <paramref name="stat"/> is of the opened file. Never
    /// waits, not for a named pipe either.
    /// </summary>
    public abstract TreeFileStream? TryOpenRead(WorkspacePath path, out EntryStat stat);

    /// <summary>
    /// Reads a regular file whole; null if it is absent or anything else. A file longer than
    /// <paramref name="maxLengthBytes"/> is not read, and its <see cref="FileRead.Bytes"/> are null.
    /// </summary>
    public abstract FileRead? TryReadAllBytes(WorkspacePath path, int maxLengthBytes);

    /// <summary>The target of a symbolic link, byte for byte; null if it is absent or anything else.</summary>
    public abstract byte[]? TryReadLink(WorkspacePath path);

    /// <summary>Makes a file, of mode 0600, where nothing stands yet.</summary>
    public abstract TreeFileStream CreateNew(WorkspacePath path);

    /// <summary>Moves a file or link in one step, replacing a file or link at <paramref name="to"/> if there is one.</summary>
    public abstract void Rename(WorkspacePath from, WorkspacePath to);

    /// <summary>
    /// As <see cref="Rename"/>, but replaces nothing: false, and nothing happened, if something stands at
    /// <paramref name="to"/> by now. So a file that appears after the last look is not lost.
    /// </summary>
    public abstract bool TryRenameNew(WorkspacePath from, WorkspacePath to);

    /// <summary>
    /// Lets two files or links change places in one step, so that what was replaced can still be looked at. False, and
    /// nothing happened, where the file system cannot do that or one of them is gone.
    /// </summary>
    public virtual bool TryExchange(WorkspacePath from, WorkspacePath to) => false;

    /// <summary>Deletes a file, link, pipe or socket. Nothing happens if it is absent; a directory is a failure.</summary>
    public abstract void DeleteFile(WorkspacePath path);

    /// <summary>Makes a directory with exactly this mode, whatever the umask, where nothing stands yet.</summary>
    public abstract void MakeDirectory(WorkspacePath path, UnixMode mode);

    /// <summary>Removes a directory. False, and it stays, if it is not empty; true if it is gone, or was absent before.</summary>
    public abstract bool RemoveDirectory(WorkspacePath path);

    /// <summary>Sets the permission bits of a file or directory. A link is refused.</summary>
    public abstract void SetMode(WorkspacePath path, UnixMode mode);

    /// <summary>Makes a symbolic link where nothing stands yet. Its target is not looked at.</summary>
    public abstract void MakeSymlink(WorkspacePath path, ReadOnlySpan<byte> target);

    /// <summary>
    /// Gives <paramref name="to"/> the owner, group, extended attributes and ACLs of <paramref name="from"/>, which it is
    /// about to replace. Best effort: returns the names of what could not be kept; nothing if <paramref name="from"/> is gone. It may change
    /// the mode, so that is set after it.
    /// </summary>
    public abstract IReadOnlyList<string> CopyOwnership(WorkspacePath from, WorkspacePath to);

    /// <summary>Returns once an entry has reached the disk: a file's bytes and mode; a directory's mode and own entries (not its files' bytes).</summary>
    /// <param name="path">A file or directory that may be read.</param>
    public abstract void Sync(WorkspacePath path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the root.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Refuses what no restore may write: the root's own entry, and all that is git's.</summary>
    protected static void CheckWritable(string operation, WorkspacePath path)
    {
        if (path.IsRoot)
        {
            throw new ArgumentException($"Cannot {operation} the workspace's root.", nameof(path));
        }

        if (path.IsInsideGit)
        {
            throw new SavepointException(
                ErrorCode.RefusedPath,
                $"Cannot {operation} {PathQuoting.Quote(path.Bytes)}: it belongs to git, whose files are never written.",
                "Use git itself to change what is in its directory.");
        }
    }
}
