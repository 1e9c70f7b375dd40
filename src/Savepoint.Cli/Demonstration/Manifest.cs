using System.Security.Cryptography;
using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>One entry, by all that must come back: its kind, its mode, a file's SHA-256 or a link's target.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Its permission bits; of a link, which has none of its own, always 0.</param>
/// <param name="Content">The SHA-256 or the target, in hexadecimal digits; empty for a directory.</param>
/// <param name="SizeBytes">A file's length.</param>
internal readonly record struct ManifestEntry(EntryKind Kind, UnixMode Mode, string Content, long SizeBytes)
{
    private const int OwnerWrites = 0b010_000_000;

    /// <summary>Whether its owner may write to it.</summary>
    public bool MayWrite => (Mode.Bits & OwnerWrites) != 0;
}

/// <summary>
/// What a tree holds, found out without Savepoint: every file is read and hashed by the system's cryptography. Two trees
/// are alike exactly if their manifests are.
/// </summary>
internal sealed class Manifest
{
    private readonly SortedDictionary<WorkspacePath, ManifestEntry> _entries;

    private Manifest(IEnumerable<KeyValuePair<WorkspacePath, ManifestEntry>> entries) => _entries = new(entries.ToDictionary());

    public IReadOnlyDictionary<WorkspacePath, ManifestEntry> Entries => _entries;

    public int FileCount => _entries.Values.Count(entry => entry.Kind == EntryKind.File);

    public long TotalBytes => _entries.Values.Sum(entry => entry.SizeBytes);

    /// <summary>Whether the modes let the owner delete any file.</summary>
    public bool HasReplaceableFile => _entries.Any(pair => pair.Value.Kind == EntryKind.File && MayReplace(pair.Key));

    /// <summary>All that a folder holds, git's own entries excepted.</summary>
    public static Manifest Of(Folder folder, CancellationToken cancellationToken) => Of(folder, [.. folder.Walk()], cancellationToken);

    /// <summary>What stands at some paths of a folder; what is absent has no entry.</summary>
    public static Manifest Of(Folder folder, IReadOnlyCollection<WorkspacePath> paths, CancellationToken cancellationToken) =>
        new(paths.AsParallel().WithCancellation(cancellationToken)
            .Select(path => (Path: path, Entry: Look(folder, path)))
            .Where(found => found.Entry is not null)
            .Select(found => KeyValuePair.Create(found.Path, found.Entry!.Value)));

    /// <summary>What the history gives for a snapshot: its bytes are read, and hashed anew.</summary>
    public static Manifest OfHistory(SnapshotManager workspace, SnapshotNumber number) =>
        new(workspace.TreeAt(number).Select(pair => KeyValuePair.Create(pair.Key, Recorded(workspace.Contents, pair.Value))));

    public bool IsSameAs(Manifest other) => _entries.SequenceEqual(other._entries);

    /// <summary>The paths at which the two differ.</summary>
    public HashSet<WorkspacePath> Differing(Manifest other)
    {
        var differing = _entries.Except(other._entries).Concat(other._entries.Except(_entries));
        return [.. differing.Select(pair => pair.Key)];
    }

    /// <summary>The same without some paths.</summary>
    public Manifest Without(IReadOnlySet<WorkspacePath> paths) => new(_entries.Where(pair => !paths.Contains(pair.Key)));

    /// <summary>Whether its owner may make, delete and rename what stands at a path: what the directory that holds it says.</summary>
    public bool MayReplace(WorkspacePath path) => path.Parent.IsRoot || (_entries.TryGetValue(path.Parent, out var parent) && parent.MayWrite);

    /// <summary>The entry; null if it is absent, goes meanwhile, or cannot be read: then it is not what was expected.</summary>
    private static ManifestEntry? Look(Folder folder, WorkspacePath path)
    {
        try
        {
            return folder.Stat(path) is var (kind, mode) ? Look(folder, path, kind, mode) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ManifestEntry Look(Folder folder, WorkspacePath path, EntryKind kind, UnixMode mode)
    {
        switch (kind)
        {
            case EntryKind.File:
                using (var stream = folder.OpenRead(path))
                {
                    return Hashed(mode, SHA256.HashData(stream), stream.Length);
                }

            case EntryKind.Link:
                return new ManifestEntry(kind, default, Convert.ToHexStringLower(folder.ReadLink(path)), 0);
            default:
                return new ManifestEntry(kind, mode, "", 0);
        }
    }

    private static ManifestEntry Recorded(IContentSource contents, FileState state)
    {
        switch (state)
        {
            case FileState.Regular file:
                using (var sha = SHA256.Create())
                using (var hashing = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
                {
                    contents.CopyTo(file.Content, hashing);
                    hashing.FlushFinalBlock();
                    return Hashed(file.Mode, sha.Hash!, file.SizeBytes);
                }

            case FileState.Symlink link:
                return new ManifestEntry(EntryKind.Link, default, Convert.ToHexStringLower(contents.Read(link.Target)), 0);
            case FileState.Directory directory:
                return new ManifestEntry(EntryKind.Directory, directory.Mode, "", 0);
            default:
                return default;
        }
    }

    private static ManifestEntry Hashed(UnixMode mode, byte[] sha256, long sizeBytes) => new(EntryKind.File, mode, Convert.ToHexStringLower(sha256), sizeBytes);
}
