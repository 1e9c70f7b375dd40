using Savepoint.Cli.Git;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Hooks;

/// <summary>
/// The directories that Claude Code asks for to work apart in (<c>--worktree</c>, sub-agents with a tree of their own): branches of
/// ours. Who answers that event answers it everywhere, so where nothing is tracked it is the git worktree that the client would have made.
/// </summary>
internal static class Worktrees
{
    private const int MaxNameLength = 60;
    private const int MaxTries = 100;

    /// <summary>A branch with a working copy; where that is.</summary>
    public static async Task<string> CreateAsync(SnapshotManager workspace, HookEvent hook, CancellationToken cancellationToken)
    {
        var options = BranchOptions.Default with { Context = new CaptureContext { Actor = hook.Actor, Tool = hook.Name } };
        var taken = workspace.Branches().Select(branch => branch.Name).Concat(workspace.Labels().Select(label => label.Name)).ToHashSet(StringComparer.Ordinal);
        var made = await workspace.CreateBranchAsync(Free(NameOf(hook.Worktree), taken.Contains), null, options, cancellationToken).ConfigureAwait(false);
        return made.Branch.Directory!;
    }

    /// <summary>Ends what <see cref="CreateAsync"/> or <see cref="CreateByGit"/> made: a branch, having captured what its copy holds (one that holds what cannot be recorded stays), or a git worktree without changes.</summary>
    /// <param name="worktree">Where it is; null or a directory of another kind: nothing is done.</param>
    /// <param name="directory">The project's.</param>
    /// <param name="options">Where the histories are.</param>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    public static async Task RemoveAsync(string? worktree, string directory, SnapshotOptions options, CancellationToken cancellationToken)
    {
        if (worktree is null || !Directory.Exists(worktree))
        {
            return;
        }

        if (SnapshotManager.FindWorkspace(worktree, options) is { } root && PosixCalls.WithoutLinks(root) == PosixCalls.WithoutLinks(worktree))
        {
            await EndBranchAsync(root, options, cancellationToken).ConfigureAwait(false);
        }
        else if (File.Exists(Path.Combine(worktree, ".git")))
        {
            GitRepository.RemoveWorktree(directory, worktree);
        }
    }

    /// <summary>A git worktree of the repository that a directory is in; where that is.</summary>
    /// <exception cref="SavepointException">It is in none, or git makes none.</exception>
    public static string CreateByGit(string directory, HookEvent hook)
    {
        var root = GitRepository.RootOf(directory);
        var folder = Path.Combine(root, ".claude", "worktrees");
        var name = Free(NameOf(hook.Worktree), candidate => Path.Exists(Path.Combine(folder, candidate)));
        GitRepository.AddWorktree(root, Path.Combine(folder, name), $"worktree-{name}");
        return Path.Combine(folder, name);
    }

    private static async Task EndBranchAsync(string directory, SnapshotOptions options, CancellationToken cancellationToken)
    {
        string branch, root;
        await using (var copy = await SnapshotManager.OpenAsync(directory, options, cancellationToken).ConfigureAwait(false))
        {
            (branch, root) = (copy.Branch, copy.WorkspaceRoot);
            if (copy.IsMain)
            {
                return;
            }
        }

        await using var workspace = await SnapshotManager.OpenAsync(root, options, cancellationToken).ConfigureAwait(false);
        await workspace.DeleteBranchAsync(branch, force: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a branch of ours and one of git's may be called.</summary>
    private static string NameOf(string? wanted)
    {
        var name = string.Concat((wanted ?? "").Take(MaxNameLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')).Trim('-');
        return name.Length == 0 ? "worktree" : name.All(char.IsAsciiDigit) ? $"worktree-{name}" : name;
    }

    private static string Free(string name, Func<string, bool> isTaken) =>
        Enumerable.Range(1, MaxTries).Select(i => i == 1 ? name : $"{name}-{i}").FirstOrDefault(candidate => !isTaken(candidate)) ?? $"{name}-{Guid.NewGuid():N}";
}
