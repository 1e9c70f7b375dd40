using System.Text;
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
    /// <param name="finalRoot">Where the copy will be when it is done: links are made to lead there.</param>
    /// <param name="rules">What it has.</param>
    /// <param name="excluded">Directories that are left out wherever they are.</param>
    /// <param name="donor">A copy made earlier, for another that nobody writes to either; null for files of its own.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="SavepointException">There is no room, or something cannot be written.</exception>
    public static CopyReport Copy(string from, string to, string finalRoot, CopyRules rules, IReadOnlyList<string> excluded, CopyDonor? donor, CancellationToken cancellationToken)
    {
        var left = excluded.Select(directory => Path.GetRelativePath(from, directory))
            .Where(path => !Path.IsPathRooted(path) && path != ".." && !path.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Select(path => WorkspacePath.Parse(path)).ToHashSet();
        if (!OperatingSystem.IsLinux())
        {
            return new PortableTreeCopier(from, to, left, cancellationToken).Run(rules);
        }

        using var copier = new LinuxTreeCopier(from, to, Encoding.UTF8.GetBytes(finalRoot), left, donor, cancellationToken);
        return copier.Run(rules);
    }
}
