using Savepoint.Model;
using Savepoint.Workspaces.Git;
using Savepoint.Workspaces.Ignore;

namespace Savepoint.Workspaces;

/// <summary>All that git's own files have to tell a scan of a workspace.</summary>
/// <param name="Scope">The ignore rules that the root's own are added to.</param>
/// <param name="TrackedByGit">The paths that git's index lists, which no rule keeps out; empty if the workspace is not git's work tree itself.</param>
internal sealed record WorkspaceRules(IgnoreScope Scope, IReadOnlyList<WorkspacePath> TrackedByGit)
{
    /// <summary>Reads them.</summary>
    /// <param name="root">The workspace's root.</param>
    /// <param name="user">Where the user's own settings are.</param>
    /// <exception cref="SavepointException">A file is there and cannot be read: to go on without its rules would record what it keeps out.</exception>
    public static WorkspaceRules Load(string root, GitUserSettings user)
    {
        try
        {
            var git = GitDirectory.AtOrAbove(root);
            var config = git is null ? GitConfigReader.Read(user.ConfigFiles, user.HomeDirectory) : GitConfigReader.Read(git, user.ConfigFiles, user.HomeDirectory);
            var scope = GitIgnoreSources.Load(root, git, config, user);
            return new WorkspaceRules(scope, git is null || git.WorkTree != root ? [] : GitIndexReader.Read(git, config.UsesSha256).Paths);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SavepointException(ErrorCode.PermissionDenied, $"The ignore rules of {root} cannot be read: {e.Message}", "Make the file readable: without its rules, what it keeps out would be recorded.", e);
        }
    }
}
