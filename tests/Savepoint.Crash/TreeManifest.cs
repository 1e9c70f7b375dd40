using System.Formats.Tar;
using System.Security.Cryptography;

namespace Savepoint.Crash;

/// <summary>What a tree holds, as the system says: path, type, mode, SHA-256 or target. Made without Savepoint.</summary>
internal sealed class TreeManifest : IEquatable<TreeManifest>
{
    private readonly SortedDictionary<string, string> _entries = new(StringComparer.Ordinal);

    /// <summary>The whole tree below a directory.</summary>
    public static TreeManifest Of(string root)
    {
        var manifest = new TreeManifest();
        manifest.Add(new DirectoryInfo(root), "");
        return manifest;
    }

    /// <summary>The tree in a tar archive.</summary>
    public static TreeManifest OfTar(string file)
    {
        var manifest = new TreeManifest();
        using var archive = new TarReader(File.OpenRead(file));
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.Name.Trim('/', '.').Length == 0 && entry.EntryType == TarEntryType.Directory)
            {
                continue;
            }

            var path = (entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name).TrimEnd('/');
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    manifest._entries[path] = Directory(entry.Mode);
                    break;
                case TarEntryType.SymbolicLink:
                    manifest._entries[path] = Link(entry.LinkName);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    manifest._entries[path] = Regular(entry.Mode, entry.DataStream is { } data ? SHA256.HashData(data) : SHA256.HashData([]));
                    break;
                default:
                    break;
            }
        }

        return manifest;
    }

    /// <summary>Without what lies at and below a directory: what no snapshot records.</summary>
    public TreeManifest Without(string directory)
    {
        var rest = new TreeManifest();
        foreach (var (path, entry) in _entries.Where(pair => pair.Key != directory && !pair.Key.StartsWith(directory + "/", StringComparison.Ordinal)))
        {
            rest._entries[path] = entry;
        }

        return rest;
    }

    /// <summary>The paths whose name is one of our temporary ones.</summary>
    public IEnumerable<string> Temporary() => _entries.Keys.Where(path => Path.GetFileName(path).StartsWith(".~sp-", StringComparison.Ordinal));

    /// <summary>Whether a file with these bytes stands anywhere.</summary>
    public bool Holds(byte[] content)
    {
        var sum = Convert.ToHexStringLower(SHA256.HashData(content));
        return _entries.Values.Any(entry => entry.EndsWith(sum, StringComparison.Ordinal));
    }

    /// <summary>Whether each path is as in one of the two.</summary>
    public bool IsMixOf(TreeManifest x, TreeManifest y) => _entries.Keys.Union(x._entries.Keys).Union(y._entries.Keys)
        .All(path => _entries.GetValueOrDefault(path) is var now && (now == x._entries.GetValueOrDefault(path) || now == y._entries.GetValueOrDefault(path)));

    public bool Equals(TreeManifest? other) => other is not null && _entries.SequenceEqual(other._entries);

    public override bool Equals(object? obj) => Equals(obj as TreeManifest);

    public override int GetHashCode() => _entries.Count;

    /// <summary>The paths at which the two differ.</summary>
    public IEnumerable<string> DifferingPaths(TreeManifest other) =>
        _entries.Keys.Union(other._entries.Keys).Where(path => _entries.GetValueOrDefault(path) != other._entries.GetValueOrDefault(path));

    /// <summary>The first differences, for a message.</summary>
    public string Difference(TreeManifest other)
    {
        return string.Join("; ", DifferingPaths(other).Take(6).Select(path => $"{path}: {_entries.GetValueOrDefault(path, "absent")} for {other._entries.GetValueOrDefault(path, "absent")}"));
    }

    private void Add(DirectoryInfo directory, string prefix)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (entry.LinkTarget is { } target)
            {
                _entries[path] = Link(target);
            }
            else if (entry is DirectoryInfo below)
            {
                _entries[path] = Directory(below.UnixFileMode);
                Add(below, path + "/");
            }
            else
            {
                using var stream = new FileStream(entry.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                _entries[path] = Regular(entry.UnixFileMode, SHA256.HashData(stream));
            }
        }
    }

    private static string Directory(UnixFileMode mode) => $"d {Convert.ToString((int)mode, 8)}";

    private static string Link(string target) => $"l {target}";

    private static string Regular(UnixFileMode mode, byte[] hash) => $"f {Convert.ToString((int)mode, 8)} {Convert.ToHexStringLower(hash)}";
}
