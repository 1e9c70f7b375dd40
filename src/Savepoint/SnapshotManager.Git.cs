using Savepoint.Model;
using Savepoint.Workspaces.Git;

namespace Savepoint;

/// <content>What is read of git's own files: where HEAD is. Nothing of git is ever written, and git need not be installed.</content>
public sealed partial class SnapshotManager
{
    // A copy is outside the repository, and one that stands above it by chance says nothing of it.
    private GitHead? GitNow() => (IsMain ? GitDirectory.AtOrAbove(Root) : GitDirectory.At(Root)) is { } git ? GitHeadReader.Read(git) : null;

    private GitUserSettings GitUser() => GitUser(_options);

    private static GitUserSettings GitUser(SnapshotOptions options) => new()
    {
        HomeDirectory = options.HomeDirectory,
        ConfigHome = options.ConfigHome,
        ConfigFiles = options.GitConfigFiles ?? (options.HomeDirectory is not { } home
            ? []
            : ["/etc/gitconfig", Path.Combine(options.ConfigHome ?? Path.Combine(home, ".config"), "git", "config"), Path.Combine(home, ".gitconfig")]),
    };

    private string? GitNote(SnapshotNumber target) =>
        _store.FindHeader(target)?.Git is { } then && GitNow() is { } now && then != now
            ? $"git was at {Describe(then)} then and is at {Describe(now)} now; only files were restored, git itself was not touched"
            : null;

    private static string Describe(GitHead head) => $"{head.Branch ?? "a detached HEAD"} ({head.Commit?[..Math.Min(10, head.Commit.Length)] ?? "no commit"})";
}
