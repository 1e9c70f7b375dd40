using Savepoint.Model;
using Savepoint.Workspaces.Ignore;
using Savepoint.Workspaces.Linux;

namespace Savepoint.Workspaces.Overlays;

/// <summary>
/// What an overlay shows, read from its two layers without a mount, so that what a command left behind can be recorded from
/// outside: an entry of the upper layer hides the one below; a character device 0/0 in it says that there is none, and a
/// directory marked opaque that nothing shines through (Documentation/filesystems/overlayfs.rst). Only for reading, and only while nobody
/// has it mounted.
/// </summary>
internal sealed class OverlayTree : WorkspaceTree
{
    private readonly LinuxTree _lower;
    private readonly LinuxTree _upper;

    /// <param name="lower">The base's root.</param>
    /// <param name="upper">The layer's root.</param>
    /// <param name="shownAt">Where commands see it.</param>
    public OverlayTree(string lower, string upper, string shownAt)
        : base(shownAt)
    {
        _lower = LinuxTree.Open(lower);
        _upper = LinuxTree.Open(upper);
    }

    public override IReadOnlyList<string> Limitations => [];

    public override WorkspaceIdentity Identify() => _upper.Identify();

    public override bool IsAtRoot() => _upper.IsAtRoot();

    public override EntryStat? Stat(WorkspacePath path) => Holder(path)?.Stat(path);

    public override DirectoryReader? TryOpenDirectory(WorkspacePath directory)
    {
        if (Holder(directory) is not { } holder)
        {
            return null;
        }

        var above = holder == _upper ? _upper.TryList(directory) : [];
        var below = holder == _lower || !IsOpaque(directory) ? _lower.TryList(directory) : [];
        if (above is null || (holder == _lower && below is null))
        {
            return null;
        }

        var hidden = above.Select(entry => entry.Name).ToHashSet(ByteKeyComparer.Instance);
        return new MergedDirectoryReader([.. above.Where(entry => !IsWhiteout(entry.Stat)), .. (below ?? []).Where(entry => !hidden.Contains(entry.Name))]);
    }

    public override TreeFileStream? TryOpenRead(WorkspacePath path, out EntryStat stat)
    {
        stat = default;
        return Holder(path)?.TryOpenRead(path, out stat);
    }

    public override FileRead? TryReadAllBytes(WorkspacePath path, int maxLengthBytes) => Holder(path)?.TryReadAllBytes(path, maxLengthBytes);

    public override byte[]? TryReadLink(WorkspacePath path) => Holder(path)?.TryReadLink(path);

    /// <summary>
    /// Every path that the layer says something of and no rule ignores, with all recorded ones that an opaque directory hides. In no order.
    /// </summary>
    /// <param name="rules">The rules before the root is entered.</param>
    /// <param name="recordedIn">What the history holds at and below a path: of an ignored one, all there is to record.</param>
    public IEnumerable<WorkspacePath> ChangedPaths(ITreeScope rules, Func<WorkspacePath, IEnumerable<WorkspacePath>> recordedIn)
    {
        var open = new Stack<(WorkspacePath Directory, ITreeScope Rules)>([(WorkspacePath.Root, Enter(WorkspacePath.Root, rules))]);
        while (open.TryPop(out var next))
        {
            foreach (var entry in _upper.TryList(next.Directory) ?? [])
            {
                if (WorkspacePath.IsGitName(entry.Name) || TemporaryName.IsTemporary(entry.Name) || !next.Directory.HasRoomFor(entry.Name))
                {
                    continue;
                }

                var path = next.Directory.Append(entry.Name);
                var isDirectory = entry.Stat.IsDirectory || (IsWhiteout(entry.Stat) && _lower.Stat(path) is { IsDirectory: true });
                if (next.Rules.IsIgnored(entry.Name, isDirectory))
                {
                    foreach (var recorded in recordedIn(path))
                    {
                        yield return recorded;
                    }

                    continue;
                }

                yield return path;
                if (entry.Stat.IsDirectory)
                {
                    open.Push((path, Enter(path, next.Rules)));
                    foreach (var hidden in IsOpaque(path) ? recordedIn(path) : [])
                    {
                        yield return hidden;
                    }
                }
            }
        }
    }

    public override TreeFileStream CreateNew(WorkspacePath path) => throw ReadOnly();

    public override void Rename(WorkspacePath from, WorkspacePath to) => throw ReadOnly();

    public override bool TryRenameNew(WorkspacePath from, WorkspacePath to) => throw ReadOnly();

    public override void DeleteFile(WorkspacePath path) => throw ReadOnly();

    public override void MakeDirectory(WorkspacePath path, UnixMode mode) => throw ReadOnly();

    public override bool RemoveDirectory(WorkspacePath path) => throw ReadOnly();

    public override void SetMode(WorkspacePath path, UnixMode mode) => throw ReadOnly();

    public override void MakeSymlink(WorkspacePath path, ReadOnlySpan<byte> target) => throw ReadOnly();

    public override IReadOnlyList<string> CopyOwnership(WorkspacePath from, WorkspacePath to) => throw ReadOnly();

    public override void Sync(WorkspacePath path) => throw ReadOnly();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lower.Dispose();
            _upper.Dispose();
        }
    }

    /// <summary>The layer that an entry is read from; null if there is none.</summary>
    private LinuxTree? Holder(WorkspacePath path)
    {
        var isHidden = false; // what the lower layer has here
        foreach (var above in path.IsRoot ? [] : path.Ancestors())
        {
            switch (_upper.Stat(above))
            {
                case null:
                    return isHidden ? null : _lower;
                case { IsDirectory: false }:
                    return null;
                default:
                    isHidden = isHidden || IsOpaque(above);
                    break;
            }
        }

        return _upper.Stat(path) switch
        {
            null => isHidden ? null : _lower,
            var stat when IsWhiteout(stat.Value) => null,
            _ => _upper,
        };
    }

    private bool IsOpaque(WorkspacePath directory) => !directory.IsRoot
        && (_upper.HasAttribute(directory, "user.overlay.opaque\0"u8) || _upper.HasAttribute(directory, "trusted.overlay.opaque\0"u8));

    private static bool IsWhiteout(in EntryStat stat) => stat.Type == EntryType.Device;

    private ITreeScope Enter(WorkspacePath directory, ITreeScope rules) =>
        rules.Enter(directory, ReadRules(directory.Append(IgnoreFile.GitName)), ReadRules(directory.Append(IgnoreFile.SavepointName)));

    private byte[]? ReadRules(WorkspacePath file) => TryReadAllBytes(file, IgnoreFile.MaxLengthBytes)?.Bytes;

    private static SavepointException ReadOnly() => new(
        ErrorCode.RefusedPath, "An overlay has no directory that could be written to from outside.", "'savepoint branch run NAME -- CMD' works in it; 'savepoint branch create OTHER --from NAME' makes a directory.");
}
