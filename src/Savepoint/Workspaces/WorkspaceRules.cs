using Savepoint.Model;
using Savepoint.Workspaces.Git;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Workspaces;

/// <summary>
/// The ignore rules that a workspace's root begins with, and the paths that git tracks whatever the rules say: all that
/// git's own files have to tell a scan. Files that cannot be read count as absent.
/// </summary>
/// <param name="Scope">The rules that the root's own are added to.</param>
/// <param name="TrackedByGit">The paths of git's index, if the workspace is git's work tree itself.</param>
internal sealed record WorkspaceRules(IgnoreScope Scope, IReadOnlyList<WorkspacePath> TrackedByGit)
{
    private const int MaxRuleBytes = 1 << 20;

    /// <summary>The rules of git's global and repository excludes, and of the directories above the workspace in its repository.</summary>
    /// <param name="root">The workspace's root.</param>
    /// <param name="git">The repository it lies in; null if none.</param>
    /// <param name="homeDirectory">The user's home directory; null for no global rules.</param>
    /// <param name="configHome">The user's configuration folder; null for the usual one.</param>
    public static WorkspaceRules Load(string root, GitDirectory? git, string? homeDirectory, string? configHome)
    {
        string[] userFiles = homeDirectory is null
            ? []
            : [Path.Combine(configHome ?? Path.Combine(homeDirectory, ".config"), "git", "config"), Path.Combine(homeDirectory, ".gitconfig")];
        var config = git is null ? GitConfigReader.Read(userFiles, homeDirectory) : GitConfigReader.Read(git, userFiles, homeDirectory);
        var workTree = git?.WorkTree ?? root;
        var below = RelativePath(workTree, root);
        var scope = IgnoreScope.ForRoot(
            ReadOrEmpty(config.ExcludesFile(workTree, homeDirectory, configHome)), ReadOrEmpty(git?.InfoExcludePath), config.IgnoreCase, below);
        foreach (var above in below.IsRoot ? [] : below.Ancestors().Prepend(WorkspacePath.Root))
        {
            scope = scope.EnterAbove(above, ReadOrEmpty(Path.Combine(workTree, above.ToString(), ".gitignore")));
        }

        return new WorkspaceRules(scope, git is not null && below.IsRoot ? GitIndexReader.Read(git, config.UsesSha256).Paths : []);
    }

    private static WorkspacePath RelativePath(string workTree, string root) =>
        WorkspacePath.Parse(Path.GetRelativePath(workTree, root));

    private static byte[] ReadOrEmpty(string? path)
    {
        try
        {
            return path is null ? [] : GitFile.ReadIfPresent(path, MaxRuleBytes) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
