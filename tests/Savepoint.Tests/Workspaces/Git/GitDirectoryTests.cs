using Savepoint.Workspaces.Git;
using Xunit;

namespace Savepoint.Tests.Workspaces.Git;

public sealed class GitDirectoryTests
{
    [Fact]
    public void A_plain_repository_keeps_everything_in_one_place()
    {
        using var git = new GitWitness();

        var found = GitDirectory.At(git.Tree)!;

        Assert.Equal(git.GitFolder, found.OwnPath);
        Assert.Equal(git.GitFolder, found.CommonPath);
    }

    [Fact]
    public void A_linked_work_tree_leads_to_its_own_folder_and_the_common_one()
    {
        using var git = new GitWitness();
        git.Run(["commit", "--quiet", "--allow-empty", "--message", "first"]);
        git.Run(["worktree", "add", "--quiet", "../linked", "-b", "other"]);
        var linked = Path.Combine(Path.GetDirectoryName(git.Tree)!, "linked");

        var found = GitDirectory.At(linked)!;

        Assert.Equal(git.RunText("-C", linked, "rev-parse", "--absolute-git-dir").Trim(), found.OwnPath);
        Assert.Equal(git.GitFolder, found.CommonPath);
        Assert.Equal("other", GitHeadReader.Read(found)!.Branch);
        Assert.Equal("main", GitHeadReader.Read(GitDirectory.At(git.Tree)!)!.Branch);
        Assert.Equal(git.RunText("rev-parse", "HEAD").Trim(), GitHeadReader.Read(found)!.Commit);
    }

    [Fact]
    public void A_git_file_leads_to_a_folder_elsewhere()
    {
        using var git = new GitWitness("--separate-git-dir", "../elsewhere");

        Assert.Equal(git.RunText("rev-parse", "--absolute-git-dir").Trim(), GitDirectory.At(git.Tree)!.OwnPath);
    }

    [Theory]
    [InlineData("gitdir: nowhere")]
    [InlineData("gitdir: ")]
    [InlineData("gitdir: a\0b")]
    [InlineData("something else")]
    [InlineData("")]
    public void A_git_file_that_leads_nowhere_is_no_repository(string content)
    {
        using var git = new GitWitness();
        git.Write("sub/.git", System.Text.Encoding.ASCII.GetBytes(content));

        Assert.Null(GitDirectory.At(Path.Combine(git.Tree, "sub")));
    }

    [Fact]
    public void The_nearest_repository_upwards_is_found()
    {
        using var git = new GitWitness();
        git.Write("a/b/file", default);
        Directory.CreateDirectory(Path.Combine(git.Tree, "a/.git"));

        Assert.Null(GitDirectory.At(Path.Combine(git.Tree, "a")));
        Assert.Equal(git.Tree, GitDirectory.AtOrAbove(Path.Combine(git.Tree, "a/b"))!.WorkTree);
        Assert.Null(GitDirectory.AtOrAbove(Path.GetDirectoryName(git.Tree)!));
    }
}
