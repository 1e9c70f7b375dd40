using Savepoint.Model;

namespace Savepoint.Tests.Recording;

/// <summary>
/// A tree on disk that is edited at random, and what stands in it as plain text: a path's kind, mode and content in one
/// line. Reads by .NET's own file APIs, so that it agrees with Savepoint only if both are right.
/// </summary>
internal sealed class DiskTree(string root, Random random)
{
    private static readonly string[] Names = ["a", "b", "c d", "e.txt"];
    private static readonly int[] FileModes = [0b110_100_100, 0b111_101_101, 0b110_000_000];
    private static readonly int[] FolderModes = [0b111_101_101, 0b111_000_000];

    /// <summary>Everything that stands in the tree now.</summary>
    public SortedDictionary<string, string> Read()
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Below(new DirectoryInfo(root)))
        {
            entries[Path.GetRelativePath(root, entry.FullName)] = entry switch
            {
                { LinkTarget: { } target } => $"link to {target}",
                DirectoryInfo => $"folder {(int)entry.UnixFileMode}",
                _ => $"file {(int)entry.UnixFileMode} {File.ReadAllText(entry.FullName)}",
            };
        }

        return entries;
    }

    // .NET's own recursion follows links to folders.
    private static IEnumerable<FileSystemInfo> Below(DirectoryInfo folder) =>
        folder.EnumerateFileSystemInfos().SelectMany(entry => entry is DirectoryInfo { LinkTarget: null } below ? Below(below).Prepend(entry) : [entry]);

    /// <summary>What a manager says stood at a snapshot, in the same words.</summary>
    public static SortedDictionary<string, string> Recorded(SnapshotManager manager, SnapshotNumber number) =>
        new(manager.TreeAt(number).ToDictionary(pair => pair.Key.ToString(), pair => Describe(manager, pair.Value)), StringComparer.Ordinal);

    public static string Describe(SnapshotManager manager, FileState state)
    {
        string Text(ContentId content) => System.Text.Encoding.UTF8.GetString(manager.Contents.Read(content));
        return state switch
        {
            FileState.Symlink link => $"link to {Text(link.Target)}",
            FileState.Directory directory => $"folder {directory.Mode.Bits}",
            FileState.Regular file => $"file {file.Mode.Bits} {Text(file.Content)}",
            _ => "nothing",
        };
    }

    /// <summary>A path to edit.</summary>
    public string AnyPath() => string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Names[random.Next(Names.Length)]));

    /// <summary>Changes one thing, or two for a move, and says which paths that concerns.</summary>
    public string[] Edit()
    {
        var path = AnyPath();
        switch (random.Next(8))
        {
            case 0:
                Remove(path);
                return [path];
            case 1:
                return Move(path, AnyPath());
            case 2:
                Clear(path);
                Directory.CreateDirectory(At(path));
                return [path];
            case 3:
                return [ChangeMode(path)];
            case 4:
                Clear(path);
                File.CreateSymbolicLink(At(path), AnyPath());
                return [path];
            default:
                WriteFile(path);
                return [path];
        }
    }

    /// <summary>Writes a file, whatever stood there or in its way; one that was there is changed in one line.</summary>
    public void WriteFile(string path)
    {
        var old = Kind(path) is FileInfo { LinkTarget: null } ? File.ReadAllText(At(path)) : null;
        var lines = old?.Split('\n') ?? [.. Enumerable.Range(0, random.Next(1, 200)).Select(i => $"line {i}")];
        lines[random.Next(lines.Length)] = $"changed {random.Next()}";
        if (old is null)
        {
            Clear(path);
        }

        File.WriteAllText(At(path), random.Next(20) == 0 ? "" : string.Join('\n', lines));
    }

    private string[] Move(string from, string to)
    {
        if (Kind(from) is null || from == to || to.StartsWith(from + "/", StringComparison.Ordinal) || from.StartsWith(to + "/", StringComparison.Ordinal))
        {
            return [from];
        }

        Clear(to);
        if (Kind(from) is DirectoryInfo { LinkTarget: null })
        {
            Directory.Move(At(from), At(to));
        }
        else if (Kind(from) is { LinkTarget: { } target } link)
        {
            link.Delete(); // .NET moves no link that dangles
            File.CreateSymbolicLink(At(to), target);
        }
        else if (Kind(from) is not null)
        {
            File.Move(At(from), At(to));
        }

        return [from, to];
    }

    private string ChangeMode(string path)
    {
        if (!OperatingSystem.IsWindows() && Kind(path) is { LinkTarget: null } entry)
        {
            var modes = entry is DirectoryInfo ? FolderModes : FileModes;
            File.SetUnixFileMode(At(path), (UnixFileMode)modes[random.Next(modes.Length)]);
        }

        return path;
    }

    /// <summary>Makes room for an entry: nothing stands at the path, and folders above it.</summary>
    private void Clear(string path)
    {
        var above = Path.GetDirectoryName(path)!;
        if (above.Length > 0 && Kind(above) is not DirectoryInfo { LinkTarget: null })
        {
            Clear(above);
            Directory.CreateDirectory(At(above));
        }

        Remove(path);
    }

    private void Remove(string path)
    {
        switch (Kind(path))
        {
            case DirectoryInfo { LinkTarget: null } folder:
                folder.Delete(recursive: true);
                break;
            case { } entry:
                entry.Delete();
                break;
        }
    }

    /// <summary>What stands at a path that no link leads to; null for nothing.</summary>
    private FileSystemInfo? Kind(string path)
    {
        var above = Path.GetDirectoryName(path)!;
        if (above.Length > 0 && Kind(above) is not DirectoryInfo { LinkTarget: null })
        {
            return null;
        }

        return new DirectoryInfo(Path.Combine(root, above)).EnumerateFileSystemInfos(Path.GetFileName(path)).FirstOrDefault();
    }

    private string At(string path) => Path.Combine(root, path);
}
