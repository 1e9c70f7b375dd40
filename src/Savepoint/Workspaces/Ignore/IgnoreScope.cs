using System.Buffers;
using System.Runtime.CompilerServices;
using Savepoint.Model;

namespace Savepoint.Workspaces.Ignore;

/// <summary>
/// The ignore rules that hold for the entries of one directory: its own files' and all those above. Immutable and
/// thread-safe, so that a parallel walk hands it down.
/// </summary>
/// <remarks>
/// <para>
/// In: the bytes of ignore files. Out: whether an entry is ignored. From the weakest to the strongest: the global
/// excludes file, <c>info/exclude</c>, then per directory from the root down <c>.gitignore</c> and
/// <c>.savepointignore</c>. The strongest source that has a match decides; within a source, the last match.
/// </para>
/// <para>
/// An ignored directory is not entered, and nothing below it can be taken in again: that is git's rule, and it is the
/// walk that carries it out by not calling <see cref="Enter"/>. For a lone path, <see cref="IgnoreRules"/> does.
/// </para>
/// </remarks>
internal sealed class IgnoreScope
{
    /// <summary>Joined paths up to this length are put together on the stack; few trees have longer ones.</summary>
    private const int StackLengthBytes = 512;

    private readonly IgnoreScope? _parent;
    private readonly IgnoreList _list;

    /// <summary>How much of an entry's path, as git sees it, leads to the list's directory: 0, or its length and a slash.</summary>
    private readonly int _baseLengthBytes;

    /// <summary>The workspace's root as git's work tree sees it.</summary>
    private readonly WorkspacePath _rootInRepository;

    private readonly bool _ignoreCase;
    private readonly bool _needsPath;

    private IgnoreScope(IgnoreScope? parent, IgnoreList list, int baseLengthBytes, WorkspacePath rootInRepository, bool ignoreCase)
    {
        _parent = parent;
        _list = list;
        _baseLengthBytes = baseLengthBytes;
        _rootInRepository = rootInRepository;
        _ignoreCase = ignoreCase;
        _needsPath = list.HasPathPatterns || (parent?._needsPath ?? false);
    }

    /// <summary>The rules that hold everywhere, before any directory is entered.</summary>
    /// <param name="globalExcludes">The content of the file that <c>core.excludesFile</c> names; empty if there is none.</param>
    /// <param name="infoExclude">The content of <c>info/exclude</c> in the git directory; empty if there is none.</param>
    /// <param name="ignoreCase">The value of <c>core.ignoreCase</c>.</param>
    /// <param name="rootInRepository">
    /// The workspace's root, relative to git's work tree, if it lies below that: rules of the directories above it, given
    /// by <see cref="EnterAbove"/>, and <paramref name="infoExclude"/> speak of paths from there.
    /// </param>
    public static IgnoreScope ForRoot(
        ReadOnlySpan<byte> globalExcludes,
        ReadOnlySpan<byte> infoExclude,
        bool ignoreCase,
        WorkspacePath rootInRepository = default)
    {
        var patterns = new List<IgnorePattern>();
        IgnoreFile.Parse(globalExcludes, ignoreCase, patterns);
        IgnoreFile.Parse(infoExclude, ignoreCase, patterns);
        return new IgnoreScope(null, new IgnoreList(patterns), 0, rootInRepository, ignoreCase);
    }

    /// <summary>The scope for the entries of <paramref name="directory"/>, this being that of its parent. The root is entered too.</summary>
    /// <param name="directory">The directory's path in the workspace.</param>
    /// <param name="gitignore">The content of its <c>.gitignore</c> (git reads none through a symbolic link); empty if there is none.</param>
    /// <param name="savepointignore">The content of its <c>.savepointignore</c>; empty if there is none.</param>
    /// <returns>This very scope if neither file has a pattern.</returns>
    public IgnoreScope Enter(WorkspacePath directory, ReadOnlySpan<byte> gitignore, ReadOnlySpan<byte> savepointignore) =>
        EnterBelow(PathLength(_rootInRepository, directory), gitignore, savepointignore);

    /// <summary>
    /// As <see cref="Enter"/>, for a directory of git's work tree above the workspace's root: to be called from the work
    /// tree's root down, before the workspace's own root is entered.
    /// </summary>
    /// <param name="directoryInRepository">The directory's path in git's work tree.</param>
    /// <param name="gitignore">The content of its <c>.gitignore</c>.</param>
    /// <exception cref="ArgumentException">The workspace's root does not lie below that directory.</exception>
    public IgnoreScope EnterAbove(WorkspacePath directoryInRepository, ReadOnlySpan<byte> gitignore)
    {
        if (!_rootInRepository.IsWithin(directoryInRepository) || _rootInRepository == directoryInRepository)
        {
            throw new ArgumentException("The directory does not lie above the workspace's root.", nameof(directoryInRepository));
        }

        return EnterBelow(directoryInRepository.Bytes.Length, gitignore, default);
    }

    /// <summary>
    /// Whether the entry is ignored, given that no directory above it is. Does not allocate (but for paths past
    /// <see cref="StackLengthBytes"/>, whose buffer is pooled).
    /// </summary>
    /// <param name="directory">The directory of the entry, which this scope was made for.</param>
    /// <param name="name">The entry's name: one segment, never empty.</param>
    /// <param name="isDirectory">Whether the entry itself is a directory (a link to one is not).</param>
    public bool IsIgnored(WorkspacePath directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        if (!_needsPath && !_ignoreCase)
        {
            return IsIgnored(name, default, isDirectory);
        }

        var length = (_needsPath ? PathLength(_rootInRepository, directory) + 1 : 0) + name.Length;
        return length <= StackLengthBytes
            ? IsIgnoredOnStack(directory, name, isDirectory)
            : IsIgnoredPooled(directory, name, isDirectory, length);
    }

    private IgnoreScope EnterBelow(int directoryLengthBytes, ReadOnlySpan<byte> gitignore, ReadOnlySpan<byte> savepointignore)
    {
        if (gitignore.IsEmpty && savepointignore.IsEmpty)
        {
            return this;
        }

        var patterns = new List<IgnorePattern>();
        IgnoreFile.Parse(gitignore, _ignoreCase, patterns);
        IgnoreFile.Parse(savepointignore, _ignoreCase, patterns);
        if (patterns.Count == 0)
        {
            return this;
        }

        var baseLength = directoryLengthBytes == 0 ? 0 : directoryLengthBytes + 1;

        // Sources of one directory are one list: the later outranks the earlier, exactly as a later line does.
        return baseLength == _baseLengthBytes
            ? new IgnoreScope(_parent, new IgnoreList(_list.Patterns.Concat(patterns)), baseLength, _rootInRepository, _ignoreCase)
            : new IgnoreScope(this, new IgnoreList(patterns), baseLength, _rootInRepository, _ignoreCase);
    }

    [SkipLocalsInit]
    private bool IsIgnoredOnStack(WorkspacePath directory, ReadOnlySpan<byte> name, bool isDirectory) =>
        IsIgnoredIn(stackalloc byte[StackLengthBytes], directory, name, isDirectory);

    private bool IsIgnoredPooled(WorkspacePath directory, ReadOnlySpan<byte> name, bool isDirectory, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var isIgnored = IsIgnoredIn(buffer, directory, name, isDirectory);
        ArrayPool<byte>.Shared.Return(buffer);
        return isIgnored;
    }

    /// <summary>Puts the path together, folds it if case is ignored, and asks.</summary>
    private bool IsIgnoredIn(Span<byte> buffer, WorkspacePath directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        var length = 0;
        if (_needsPath)
        {
            Add(buffer, ref length, _rootInRepository.Bytes);
            Add(buffer, ref length, directory.Bytes);
        }

        name.CopyTo(buffer[length..]);
        var path = buffer[..(length + name.Length)];
        if (_ignoreCase)
        {
            AsciiCase.ToLowerInPlace(path);
        }

        return IsIgnored(path[length..], _needsPath ? path : default, isDirectory);

        static void Add(Span<byte> buffer, ref int length, ReadOnlySpan<byte> segments)
        {
            if (!segments.IsEmpty)
            {
                segments.CopyTo(buffer[length..]);
                buffer[length + segments.Length] = (byte)'/';
                length += segments.Length + 1;
            }
        }
    }

    private bool IsIgnored(ReadOnlySpan<byte> name, ReadOnlySpan<byte> path, bool isDirectory)
    {
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            var pathFromBase = path.IsEmpty ? default : path[scope._baseLengthBytes..];
            if (scope._list.Find(name, pathFromBase, isDirectory) is { } pattern)
            {
                return !pattern.IsNegative;
            }
        }

        return false;
    }

    private static int PathLength(WorkspacePath root, WorkspacePath directory) =>
        root.IsRoot ? directory.Bytes.Length
        : directory.IsRoot ? root.Bytes.Length
        : root.Bytes.Length + 1 + directory.Bytes.Length;
}
