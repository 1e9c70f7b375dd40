namespace Savepoint.Workspaces.Portable;

/// <summary>A path with all its links resolved, as realpath(3) gives it: .NET only resolves the last segment.</summary>
internal static class CanonicalPath
{
    private const int MaxLinkCount = 40; // what Linux follows before it says ELOOP

    /// <summary>The absolute path without links; what does not exist is left as it is.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (var count = 0; count < MaxLinkCount && ResolveFirstLink(full) is { } resolved; count++)
        {
            full = resolved;
        }

        return full;
    }

    private static string? ResolveFirstLink(string full)
    {
        var current = Path.GetPathRoot(full)!;
        var rest = full[current.Length..];
        while (rest.Length > 0)
        {
            var end = rest.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal);
            var segment = end < 0 ? rest : rest[..end];
            rest = end < 0 ? "" : rest[(end + 1)..];
            var next = Path.Join(current, segment);
            if (new DirectoryInfo(next).LinkTarget is { } target)
            {
                return Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(current, target, rest)));
            }

            current = next;
        }

        return null;
    }
}
