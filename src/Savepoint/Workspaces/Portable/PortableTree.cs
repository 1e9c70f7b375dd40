using Microsoft.Win32.SafeHandles;
using Savepoint.Model;

namespace Savepoint.Workspaces.Portable;

/// <summary>
/// The tree by .NET's file APIs, for systems other than Linux. Each directory on the way is checked not to be a link
/// before the entry is touched, which an attacker who swaps one in between defeats; <see cref="Limitations"/> says so.
/// </summary>
internal sealed partial class PortableTree : WorkspaceTree
{
    private const int ReadAttemptCount = 3;

    private bool _isDisposed;

    private PortableTree(string root)
        : base(root)
    {
    }

    public override IReadOnlyList<string> Limitations =>
    [
        "A directory that is replaced by a link in the instant between a check and a write is followed.",
        "Names that are not UTF-8 are reported and not recorded.",
        "Named pipes, sockets and devices look like empty files.",
        "Inode numbers, link counts, owners and change times are not known, so a change that keeps size and time is not seen.",
        "A replaced file loses its owner, its extended attributes and its ACLs.",
        "Directories are not synced to disk, and a link to a directory that replaces another entry does so in two steps.",
    ];

    /// <inheritdoc cref="WorkspaceTree.Open"/>
    public static new PortableTree Open(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var canonical = CanonicalPath.Of(root);
        return Directory.Exists(canonical)
            ? new PortableTree(canonical)
            : throw TreeErrors.FromException("open the workspace", default, new DirectoryNotFoundException($"{root} is no directory."));
    }

    public override WorkspaceIdentity Identify() => default;

    public override bool IsAtRoot() => new DirectoryInfo(Root) is { Exists: true, LinkTarget: null };

    public override EntryStat? Stat(WorkspacePath path) =>
        Guard("stat", path, () => Follow(path, out var place) == Way.Clear ? PortableStat.Of(place) : null);

    public override DirectoryReader? TryOpenDirectory(WorkspacePath directory) =>
        Guard("list", directory, () => Follow(directory, out var place) == Way.Clear && PortableStat.Of(place) is { IsDirectory: true }
            ? new PortableDirectoryReader(place, directory)
            : null);

    public override TreeFileStream? TryOpenRead(WorkspacePath path, out EntryStat stat)
    {
        var found = Stat(path);
        stat = found ?? default;
        return found is { IsFile: true } file ? OpenFile(path, file.SizeBytes) : null;
    }

    public override FileRead? TryReadAllBytes(WorkspacePath path, int maxLengthBytes)
    {
        for (var attempt = 1; Stat(path) is { IsFile: true } before; attempt++)
        {
            if (before.SizeBytes > maxLengthBytes)
            {
                return new FileRead(null, before, IsTorn: false);
            }

            using var stream = OpenFile(path, before.SizeBytes);
            if (stream is null)
            {
                return null;
            }

            var bytes = new byte[before.SizeBytes];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var isTorn = length != bytes.Length || Stat(path) is not { } after || !after.IsSameContentAs(before);
            if (!isTorn || attempt == ReadAttemptCount)
            {
                return new FileRead(bytes[..length], before, isTorn);
            }
        }

        return null;
    }

    public override byte[]? TryReadLink(WorkspacePath path) => Guard("read the link", path, () =>
        Follow(path, out var place) == Way.Clear && new FileInfo(place).LinkTarget is { } target
            ? PortableName.Encode(target, path)
            : null);

    protected override void Dispose(bool disposing) => _isDisposed = true;

    /// <summary>Runs what touches the disk; what .NET throws becomes a <see cref="SavepointException"/>.</summary>
    private static T Guard<T>(string operation, WorkspacePath path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TreeErrors.FromException(operation, path, e);
        }
    }

    // Where the entry is for the system, and whether each directory above it is a directory.
    private Way Follow(WorkspacePath path, out string place)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        place = Root;
        foreach (var segment in PortableName.Decode(path))
        {
            if (place.Length > Root.Length)
            {
                var directory = new DirectoryInfo(place);
                if (directory.LinkTarget is not null)
                {
                    return Way.ThroughLink;
                }

                if (!directory.Exists)
                {
                    return Way.Missing;
                }
            }

            place = Path.Join(place, segment);
        }

        return Way.Clear;
    }

    // An empty file is not opened: it may be a pipe, and would make us wait. Null if it is gone by now.
    private TreeFileStream? OpenFile(WorkspacePath path, long sizeBytes)
    {
        if (sizeBytes == 0)
        {
            return new TreeFileStream(handle: null, path, isNew: false);
        }

        return Guard("read", path, () =>
        {
            try
            {
                return Follow(path, out var place) == Way.Clear && PortableStat.Of(place) is { IsFile: true }
                    ? new TreeFileStream(Open(place), path, isNew: false) { EndBytes = sizeBytes }
                    : null;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        });

        static SafeFileHandle Open(string place) =>
            File.OpenHandle(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    private enum Way
    {
        /// <summary>The parent is there, the entry may be.</summary>
        Clear,

        /// <summary>A directory above is missing, or no directory.</summary>
        Missing,

        /// <summary>A directory above is a link.</summary>
        ThroughLink,
    }
}
