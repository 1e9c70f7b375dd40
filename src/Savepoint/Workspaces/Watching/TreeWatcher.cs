using Savepoint.Model;
using Savepoint.Workspaces.Scanning;
using Savepoint.Workspaces.Linux;

namespace Savepoint.Workspaces.Watching;

/// <summary>
/// Tells an observer of each change in a tree, from the moment it is started until it is disposed of. It knows nothing of
/// times and stores: what is worth recording, and when, others decide. Ignored entries are not reported, nor git's own
/// files, nor the temporary ones of restores.
/// </summary>
internal abstract class TreeWatcher : IDisposable
{
    /// <summary>How many directories the system reports changes of.</summary>
    public abstract int DirectoryCount { get; }

    /// <summary>Whether the system refused to report changes of some, having reached its limit: those have to be scanned.</summary>
    public abstract bool IsLimited { get; }

    /// <summary>Starts to watch. Everything that happens after this returns is reported.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="rules">Gives the rules in force; asked now and whenever all has to be looked at again.</param>
    /// <param name="observer">Is told.</param>
    public static TreeWatcher Start(WorkspaceTree tree, Func<WatchRules> rules, ITreeObserver observer) =>
        tree is LinuxTree linux ? LinuxTreeWatcher.Start(linux, rules, observer) : new Portable.PortableTreeWatcher(tree, rules, observer);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Whether an entry of this name is nobody's business: git's, or a restore's.</summary>
    protected static bool IsForeign(ReadOnlySpan<byte> name) => WorkspacePath.IsGitName(name) || TemporaryName.IsTemporary(name);

    /// <summary>Whether a change of an entry of this name changes the rules of its directory.</summary>
    protected static bool IsIgnoreFile(ReadOnlySpan<byte> name) => name.SequenceEqual(Ignore.IgnoreFile.GitName) || name.SequenceEqual(Ignore.IgnoreFile.SavepointName);

    /// <summary>The rules inside a directory, its own ignore files read.</summary>
    protected static ITreeScope Enter(WorkspaceTree tree, ITreeScope above, WorkspacePath directory) =>
        above.Enter(directory, Read(tree, directory.Append(Ignore.IgnoreFile.GitName)), Read(tree, directory.Append(Ignore.IgnoreFile.SavepointName)));

    private static byte[]? Read(WorkspaceTree tree, WorkspacePath file)
    {
        try
        {
            return tree.TryReadAllBytes(file, DirectoryRules.MaxIgnoreFileBytes)?.Bytes;
        }
        catch (SavepointException)
        {
            return null; // as a scan does
        }
    }
}
