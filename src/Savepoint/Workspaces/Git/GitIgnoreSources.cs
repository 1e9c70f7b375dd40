using System.Text;
using Savepoint.Model;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Workspaces.Git;

/// <summary>
/// Gathers the rules that hold for a whole workspace: the global excludes file, <c>info/exclude</c>, and the
/// <c>.gitignore</c> files above the workspace's root if that lies inside a work tree.
/// </summary>
internal static class GitIgnoreSources
{
    /// <summary>The scope before the workspace's root is entered.</summary>
    /// <param name="workspaceRoot">The workspace's root.</param>
    /// <param name="git">The repository it belongs to, from <see cref="GitDirectory.AtOrAbove"/>; null if there is none.</param>
    /// <param name="config">The settings, from <see cref="GitConfigReader"/>.</param>
    /// <param name="user">Where the user's own settings are.</param>
    /// <remarks>
    /// A repository above that ignores the workspace does not own it, and its rules are left aside: else a home directory
    /// kept in git behind a rule <c>*</c> would hide each workspace in it.
    /// </remarks>
    /// <exception cref="IOException">A file is there and cannot be read: to go on without its rules would record what it keeps out.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static IgnoreScope Load(string workspaceRoot, GitDirectory? git, GitConfig config, GitUserSettings user)
    {
        var excludesFile = config.ExcludesFile(git?.WorkTree ?? workspaceRoot, user.HomeDirectory, user.ConfigHome);
        var global = excludesFile is null ? [] : Read(excludesFile);
        if (git is null)
        {
            return IgnoreScope.ForRoot(global, default, config.IgnoreCase);
        }

        var info = Read(git.InfoExcludePath);
        var root = RootInRepository(workspaceRoot, git.WorkTree);
        IgnoreRules.ReadFiles readAbove = directory => (ReadGitignore(git.WorkTree, directory), default);
        if (IgnoreRules.IsIgnored(IgnoreScope.ForRoot(global, info, config.IgnoreCase), root, isDirectory: true, readAbove))
        {
            return IgnoreScope.ForRoot(global, default, config.IgnoreCase);
        }

        var scope = IgnoreScope.ForRoot(global, info, config.IgnoreCase, root);
        if (!root.IsRoot)
        {
            foreach (var directory in root.Ancestors().Prepend(WorkspacePath.Root))
            {
                scope = scope.EnterAbove(directory, ReadGitignore(git.WorkTree, directory));
            }
        }

        return scope;
    }

    private static WorkspacePath RootInRepository(string workspaceRoot, string workTree)
    {
        var relative = Path.GetRelativePath(workTree, Path.GetFullPath(workspaceRoot));
        return WorkspacePath.Parse(Path.TrimEndingDirectorySeparator(relative));
    }

    /// <summary>Git follows no symbolic link to a <c>.gitignore</c> of the tree (since 2.32), though it does to the other files.</summary>
    private static byte[] ReadGitignore(string workTree, WorkspacePath directory)
    {
        var path = Path.Combine(workTree, directory.ToString(), Encoding.ASCII.GetString(IgnoreFile.GitName));
        return new FileInfo(path).LinkTarget is null ? Read(path) : [];
    }

    /// <summary>Empty if there is no such file, or a directory of that name.</summary>
    private static byte[] Read(string path) =>
        Directory.Exists(path) ? [] : GitFile.ReadIfPresent(path, IgnoreFile.MaxLengthBytes) ?? [];
}
