using Savepoint.Model;
using Savepoint.Workspaces.Linux;
using Savepoint.Workspaces.Portable;

namespace Savepoint.Workspaces.Copies;

/// <summary>
/// Copies a workspace into an empty directory: what goes in are two paths and the rules, what comes out is a tree of files of
/// their own, with modes and times. The original is only read.
/// </summary>
internal static class TreeCopier
{
    /// <summary>Copies a tree.</summary>
    /// <param name="from">The original's root, free of links.</param>
    /// <param name="to">The copy's root, a directory that is there and empty.</param>
    /// <param name="rules">What it has.</param>
    /// <param name="options">The rest.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="SavepointException">There is no room, or something cannot be written.</exception>
    public static CopyReport Copy(string from, string to, CopyRules rules, CopyOptions options, CancellationToken cancellationToken)
    {
        var left = Within(from, options.Excluded);
        if (!OperatingSystem.IsLinux())
        {
            return new PortableTreeCopier(from, to, left, cancellationToken).Run(rules);
        }

        using var copier = new LinuxTreeCopier(from, to, left, options, cancellationToken);
        return copier.Run(rules);
    }

    /// <summary>What is ignored in a tree now, as a copy of it would have it. Linux only: elsewhere nobody lays anything over a copy.</summary>
    /// <param name="from">The root, free of links.</param>
    /// <param name="rules">What a copy has.</param>
    /// <param name="excluded">Directories that are left out wherever they are.</param>
    /// <param name="cancellationToken">Ends it between two directories.</param>
    public static IgnoredSum Ignored(string from, CopyRules rules, IReadOnlyList<string> excluded, CancellationToken cancellationToken)
    {
        using var walk = new LinuxIgnoredWalk(from, Within(from, excluded), cancellationToken);
        return walk.Run(rules);
    }

    /// <summary>Those of some directories that lie in a tree, as paths in it.</summary>
    private static HashSet<WorkspacePath> Within(string root, IReadOnlyList<string> directories) => directories.Select(directory => Path.GetRelativePath(root, directory))
        .Where(path => !Path.IsPathRooted(path) && path != ".." && !path.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .Select(path => WorkspacePath.Parse(path)).ToHashSet();
}
