using Savepoint.Model;
using Savepoint.Workspaces.Git;
using Xunit;

namespace Savepoint.Tests.Workspaces.Git;

public sealed class GitHeadReaderTests
{
    private const string SomeId = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void Head_is_what_git_says_at_each_step_of_a_repositorys_life(string format)
    {
        using var git = new GitWitness("--object-format=" + format);
        Assert.Equal(new GitHead(null, "main"), Read(git));

        git.Run(["commit", "--quiet", "--allow-empty", "--message", "first"]);
        AssertAsGit(git, "main");

        git.Run(["switch", "--quiet", "--create", "feature/of-mine"]);
        git.Run(["commit", "--quiet", "--allow-empty", "--message", "second"]);
        AssertAsGit(git, "feature/of-mine");

        git.Run(["branch", "mine"]);
        git.Run(["pack-refs", "--all", "--prune"]);
        Assert.False(File.Exists(Path.Combine(git.GitFolder, "refs/heads/feature/of-mine")));
        AssertAsGit(git, "feature/of-mine");

        git.Run(["commit", "--quiet", "--allow-empty", "--message", "third: the loose ref outranks the packed one"]);
        AssertAsGit(git, "feature/of-mine");

        git.Run(["switch", "--quiet", "--detach", "main"]);
        AssertAsGit(git, null);
    }

    [Fact]
    public void A_ref_that_names_another_ref_is_followed()
    {
        using var git = new GitWitness();
        git.Run(["commit", "--quiet", "--allow-empty", "--message", "first"]);
        git.Run(["symbolic-ref", "refs/heads/alias", "refs/heads/main"]);
        git.Run(["symbolic-ref", "HEAD", "refs/heads/alias"]);

        Assert.Equal(new GitHead(git.RunText("rev-parse", "HEAD").Trim(), "alias"), Read(git));
    }

    [Fact]
    public void A_ref_that_names_itself_has_no_commit()
    {
        using var git = new GitWitness();
        git.Write(".git/refs/heads/main", "ref: refs/heads/main\n"u8);

        Assert.Equal(new GitHead(null, "main"), Read(git));
    }

    [Fact]
    public void Head_may_be_a_symbolic_link_as_in_old_repositories()
    {
        using var git = new GitWitness();
        git.Run(["commit", "--quiet", "--allow-empty", "--message", "first"]);
        File.Delete(Path.Combine(git.GitFolder, "HEAD"));
        File.CreateSymbolicLink(Path.Combine(git.GitFolder, "HEAD"), "refs/heads/main");

        AssertAsGit(git, "main");
    }

    [Fact]
    public void A_reftable_repository_tells_neither_commit_nor_branch()
    {
        using var git = new GitWitness();
        git.Write(".git/HEAD", "ref: refs/heads/.invalid\n"u8);

        Assert.Equal(new GitHead(null, null), Read(git));
    }

    [Theory]
    [InlineData("ref: refs/../../outside")]
    [InlineData("ref: ../outside")]
    [InlineData("ref: /etc/hostname")]
    [InlineData("garbage")]
    [InlineData("")]
    public void A_head_that_makes_no_sense_leads_nowhere(string head)
    {
        using var git = new GitWitness();
        git.Write("outside", System.Text.Encoding.ASCII.GetBytes(SomeId));
        git.Write(".git/HEAD", System.Text.Encoding.ASCII.GetBytes(head));

        Assert.Equal(new GitHead(null, null), Read(git));
    }

    [Fact]
    public void A_head_that_is_a_directory_or_gone_is_no_head()
    {
        using var git = new GitWitness();
        var repository = GitDirectory.At(git.Tree)!;
        File.Delete(Path.Combine(git.GitFolder, "HEAD"));
        Assert.Null(GitHeadReader.Read(repository));

        Directory.CreateDirectory(Path.Combine(git.GitFolder, "HEAD"));
        Assert.Null(GitHeadReader.Read(repository));
    }

    private static void AssertAsGit(GitWitness git, string? branch) =>
        Assert.Equal(new GitHead(git.RunText("rev-parse", "HEAD").Trim(), branch), Read(git));

    private static GitHead? Read(GitWitness git) => GitHeadReader.Read(GitDirectory.At(git.Tree)!);
}
