using System.Text;
using Savepoint.Tests.Workspaces.Ignore;
using Savepoint.Workspaces.Git;
using Xunit;

namespace Savepoint.Tests.Workspaces.Git;

public sealed class GitIgnoreSourcesTests
{
    private static string[] Files { get; } = ["keep.c", "a.global", "a.info", "a.log", "sub/keep.c", "sub/a.log", "sub/important.log", "sub/out/x", "sub/deep/out/x"];

    [Theory]
    [InlineData("")]
    [InlineData("sub")]
    [InlineData("sub/deep")]
    public void A_workspace_at_or_below_the_work_trees_root_has_the_rules_that_git_has_there(string root)
    {
        using var git = NewRepository();
        git.Write(".gitignore", "*.log\n/sub/out/\n"u8);
        git.Write("sub/.gitignore", "!important.log\n"u8);
        var expected = GitWitness.SplitAtNul(git.Run(["ls-files", "--others", "--exclude-standard", "-z", "--", root.Length == 0 ? "." : root]))
            .Select(path => Encoding.UTF8.GetString(path)[(root.Length == 0 ? 0 : root.Length + 1)..])
            .Order(StringComparer.Ordinal);

        Assert.Equal(expected, Walk(git, Path.Combine(git.Tree, root)));
    }

    [Fact]
    public void A_repository_that_ignores_the_workspace_does_not_rule_it()
    {
        using var git = NewRepository();
        git.Write(".gitignore", "*\n"u8);

        Assert.Equal(["a.log", "deep/out/x", "important.log", "keep.c", "out/x"], Walk(git, Path.Combine(git.Tree, "sub")));
        Assert.Empty(Walk(git, git.Tree));
    }

    [Fact]
    public void Without_a_repository_the_users_rules_still_hold()
    {
        using var git = NewRepository();
        Directory.Delete(git.GitFolder, recursive: true);

        Assert.DoesNotContain("a.global", Walk(git, git.Tree));
        Assert.Contains("a.info", Walk(git, git.Tree));
    }

    [Fact]
    public void A_gitignore_that_is_a_link_is_not_followed()
    {
        using var git = NewRepository();
        git.Write("rules", "keep.c\n"u8);
        File.CreateSymbolicLink(Path.Combine(git.Tree, ".gitignore"), "rules");

        Assert.Contains("sub/keep.c", git.RunText("ls-files", "--others", "--exclude-standard"), StringComparison.Ordinal);
        Assert.Contains("keep.c", Walk(git, Path.Combine(git.Tree, "sub")));
    }

    private static GitWitness NewRepository()
    {
        var git = new GitWitness();
        Array.ForEach(Files, file => git.Write(file, default));
        File.WriteAllText(Path.Combine(git.Home, ".gitconfig"), "[core]\nexcludesFile = ~/excludes\n");
        File.WriteAllText(Path.Combine(git.Home, "excludes"), "*.global\n");
        git.Write(".git/info/exclude", "*.info\n"u8);
        return git;
    }

    private static List<string> Walk(GitWitness witness, string root)
    {
        var user = new GitUserSettings { ConfigFiles = [Path.Combine(witness.Home, ".gitconfig")], HomeDirectory = witness.Home };
        var git = GitDirectory.AtOrAbove(root);
        var config = git is null
            ? GitConfigReader.Read(user.ConfigFiles, user.HomeDirectory)
            : GitConfigReader.Read(git, user.ConfigFiles, user.HomeDirectory);
        return TreeWalk.Files(root, GitIgnoreSources.Load(root, git, config, user));
    }
}
