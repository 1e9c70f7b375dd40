namespace Savepoint.Cli.Hooks;

/// <summary>What a tool writes that is given a path: it follows links, and which one is decided by the system, not by the path's text.</summary>
/// <param name="Entry">What the path names: its last part, in a directory free of links. A tool that saves by renaming, or deletes, changes that.</param>
/// <param name="Target">What that leads to, if it is a link; else the same. A tool that opens it for writing changes this, also where nothing stands there yet.</param>
internal readonly record struct WrittenPath(string Entry, string Target)
{
    /// <summary>As many as Linux follows (path_resolution(7)).</summary>
    private const int MaxLinkCount = 40;

    private const char NotUnicode = '\uFFFD';

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>Where an absolute path leads; null if that cannot be told: links in a circle, or a name that is no text.</summary>
    public static WrittenPath? Of(string path)
    {
        var (at, entry, linkCount) = (Path.GetPathRoot(path)!, (string?)null, 0);
        var left = new Stack<string>();
        Push(left, path[at.Length..]);
        while (left.TryPop(out var name))
        {
            var next = name == ".." ? Path.GetDirectoryName(at) ?? at : Path.Join(at, name);
            entry ??= left.Count == 0 ? next : null;
            if (name == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (++linkCount > MaxLinkCount || target.Contains(NotUnicode, StringComparison.Ordinal))
            {
                return null;
            }

            var root = Path.GetPathRoot(target)!;
            at = root.Length > 0 ? root : at;
            Push(left, target[root.Length..]);
        }

        return new WrittenPath(entry ?? at, at);
    }

    private static void Push(Stack<string> left, string path)
    {
        foreach (var name in path.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse())
        {
            left.Push(name);
        }
    }
}
