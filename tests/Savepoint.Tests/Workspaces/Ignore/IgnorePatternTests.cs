using System.Text;
using Savepoint.Model;
using Savepoint.Tests.Workspaces.Git;
using Savepoint.Workspaces.Ignore;
using Xunit;

namespace Savepoint.Tests.Workspaces.Ignore;

/// <summary>The syntax by example, each one confirmed by git.</summary>
public sealed class IgnorePatternTests
{
    [Theory]
    [InlineData("*.o", "deep/down/a.o", true)]
    [InlineData("/a.o", "deep/a.o", false)]
    [InlineData("doc/*.txt", "doc/a.txt", true)]
    [InlineData("doc/*.txt", "doc/server/a.txt", false)]
    [InlineData("doc/*.txt", "x/doc/a.txt", false)]
    [InlineData("doc/**/*.txt", "doc/a.txt", true)]
    [InlineData("doc/**/*.txt", "doc/a/b/c.txt", true)]
    [InlineData("**/doc", "a/b/doc", true)]
    [InlineData("doc/**", "doc/a/b", true)]
    [InlineData("doc/", "doc/a", true)]
    [InlineData("doc/", "x/doc", false)]
    [InlineData("*\n!*.c", "a.c", false)]
    [InlineData("*\n!*.c", "a/b.c", true)]
    [InlineData("*\n!*/\n!*.c", "a/b.c", false)]
    [InlineData("\\#a", "#a", true)]
    [InlineData("\\!a", "!a", true)]
    [InlineData("#a", "#a", false)]
    [InlineData("a   ", "a", true)]
    [InlineData("a\\  ", "a ", true)]
    [InlineData("a\t", "a", false)]
    [InlineData("a\r\nb\r", "b", true)]
    [InlineData("\uFEFFa", "a", true)]
    [InlineData("b\n\uFEFFa", "a", false)]
    [InlineData("[[:digit:]]", "7", true)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("a[/]b", "a/b", false)]
    [InlineData("foo**/bar", "foobar", true)]
    [InlineData("foo**/bar", "foox/y/bar", true)]
    [InlineData("a**b", "a/b", false)]
    public void A_file_is_ignored_as_git_says(string rules, string path, bool isIgnored)
    {
        using var git = new GitWitness();
        git.Write(".gitignore", Encoding.UTF8.GetBytes(rules));
        var listed = git.Run(["check-ignore", "--no-index", "-z", "--stdin"], Encoding.UTF8.GetBytes(path + '\0'), mayEndWithOne: true);
        Assert.Equal(isIgnored, listed.Length > 0);

        var root = IgnoreScope.ForRoot(default, default, ignoreCase: false);
        Assert.Equal(isIgnored, IgnoreRules.IsIgnored(root, WorkspacePath.Parse(path), isDirectory: false, directory =>
            (directory.IsRoot ? Encoding.UTF8.GetBytes(rules) : default(ReadOnlyMemory<byte>), default)));
    }
}
