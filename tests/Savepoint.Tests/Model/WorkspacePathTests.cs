using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Model;

public sealed class WorkspacePathTests
{
    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("./a")]
    [InlineData("a\0b")]
    public void A_path_that_could_lead_out_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => WorkspacePath.Parse(text));

    [Fact]
    public void Parent_name_and_ancestors_follow_the_slashes()
    {
        var path = WorkspacePath.Parse("a/b/c.txt");

        Assert.Equal("a/b", path.Parent.ToString());
        Assert.Equal("c.txt"u8.ToArray(), path.Name.ToArray());
        Assert.Equal(["a", "a/b"], path.Ancestors().Select(p => p.ToString()));
        Assert.True(WorkspacePath.Parse("a").Parent.IsRoot);
    }

    [Fact]
    public void A_sibling_with_the_same_beginning_is_not_within()
    {
        Assert.True(WorkspacePath.Parse("a/b").IsWithin(WorkspacePath.Parse("a")));
        Assert.False(WorkspacePath.Parse("ab").IsWithin(WorkspacePath.Parse("a")));
    }

    [Theory]
    [InlineData("a/.git/config", true)]
    [InlineData(".GIT", true)]
    [InlineData(".gitignore", false)]
    [InlineData("a.git/x", false)]
    public void Entries_of_git_are_known_by_their_name(string text, bool isGit) =>
        Assert.Equal(isGit, WorkspacePath.Parse(text).IsInsideGit);
}
