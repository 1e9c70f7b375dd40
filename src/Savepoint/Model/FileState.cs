namespace Savepoint.Model;

/// <summary>
/// What stood at a path at one moment: nothing, a file, a symbolic link or a directory. Everything Savepoint promises to
/// bring back is in here; owner, times, ACLs and extended attributes are not. Immutable; compared by value.
/// </summary>
public abstract record FileState
{
    private FileState()
    {
    }

    /// <summary>Nothing stands at the path.</summary>
    public static FileState None { get; } = new Absent();

    /// <summary>Whether nothing stands at the path.</summary>
    public bool IsAbsent => this is Absent;

    /// <summary>The content this state needs to be restored: a file's bytes or a link's target; null for the others.</summary>
    public ContentId? ContentId => this switch
    {
        Regular file => file.Content,
        Symlink link => link.Target,
        _ => null,
    };

    /// <summary>Nothing; use <see cref="None"/>.</summary>
    public sealed record Absent : FileState
    {
        internal Absent()
        {
        }
    }

    /// <summary>A regular file.</summary>
    /// <param name="Mode">Its permission bits.</param>
    /// <param name="Content">The SHA-256 of its bytes.</param>
    /// <param name="SizeBytes">Its length in bytes.</param>
    public sealed record Regular(UnixMode Mode, ContentId Content, long SizeBytes) : FileState;

    /// <summary>A symbolic link, never followed. Its permission bits mean nothing and are not recorded.</summary>
    /// <param name="Target">The content that is the link's target, byte for byte.</param>
    /// <param name="SizeBytes">The target's length in bytes.</param>
    public sealed record Symlink(ContentId Target, long SizeBytes) : FileState;

    /// <summary>A directory, whatever it holds.</summary>
    /// <param name="Mode">Its permission bits.</param>
    public sealed record Directory(UnixMode Mode) : FileState;
}
