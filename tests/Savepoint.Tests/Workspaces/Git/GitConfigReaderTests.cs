using System.Text;
using CsCheck;
using Savepoint.Model;
using Savepoint.Workspaces.Git;
using Xunit;

namespace Savepoint.Tests.Workspaces.Git;

public sealed class GitConfigReaderTests
{
    private static Gen<byte[]> GenFile { get; } = Gen.OneOf(
        "[core]", "[Core]", "[core \"Sub\"]", "[a.B]", "[a \"x\\\"y\\\\\"]", "[core", "]", "[a  \"b\"]", "\n", "\n", "\n", "\r\n", "\r",
        "excludesFile", "ignoreCase", "x-1", "a", "A", " = ", "=", " =\t", "value", "a b", "~/x", "\"quoted # ; \"", "\"", "\\n", "\\t", "\\b", "\\\\",
        "\\\"", "\\\n", "\\\r\n", "\\q", "# comment", "; comment", "true", "0", " ", "\u00E9", "[x]a=b\n", "a=b\n", "k\n", "\u00EF\u00BB\u00BF")
        .Array[0, 14].Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts.Prepend("[s]\n"))));

    /// <summary>One run of git each; more by an environment variable.</summary>
    private static int Iterations =>
        int.TryParse(Environment.GetEnvironmentVariable("SAVEPOINT_TEST_GITCONFIG_FILES"), out var count) ? count : 300;

    [Fact]
    public void Generated_files_are_read_as_git_reads_them()
    {
        using var git = new GitWitness();
        GenFile.Sample(
            content =>
            {
                git.Write("config", content);
                var settings = new List<string>();
                var isSound = GitConfigParser.TryParse(content, (name, value) => settings.Add(value is null ? name : $"{name}\n{value}"));
                var expected = List(git);
                Assert.True(isSound == expected is not null, $"git read it: {expected is not null}: {PathQuoting.Quote(content)}");
                if (expected is not null)
                {
                    Assert.Equal(expected.Select(BlanksAsSpaces), settings.Select(BlanksAsSpaces));
                }
            },
            iter: Iterations,
            threads: 1);
    }

    [Fact]
    public void The_settings_that_matter_are_found_whatever_their_case()
    {
        using var git = new GitWitness();
        git.Write("one", "[CORE]\n\tIgnoreCase = yes # for now\n\texcludesfile = \"~/my ignore\"\n[core \"x\"]\n\texcludesFile = wrong\n"u8);

        var config = GitConfigReader.Read([Path.Combine(git.Tree, "one"), Path.Combine(git.Tree, "absent")], git.Home);

        Assert.True(config.IgnoreCase);
        Assert.Equal(Path.Combine(git.Home, "my ignore"), config.ExcludesFile(git.Tree, git.Home, configHome: null));
        Assert.Equal("~/my ignore", git.RunText("config", "--file", "one", "--get", "core.excludesFile").Trim());
        Assert.Empty(config.Problems);
    }

    [Fact]
    public void Includes_are_followed_in_their_place_relative_to_the_file_and_to_the_home()
    {
        using var git = new GitWitness();
        git.Write("main", "[core]\nexcludesFile = a\n[include]\npath = sub/one\n[include]\npath = absent\n"u8);
        git.Write("sub/one", "[core]\nexcludesFile = b\nignoreCase\n[include]\npath = ~/two\n"u8);
        File.WriteAllText(Path.Combine(git.Home, "two"), "[core]\nexcludesFile = c\n");

        var config = GitConfigReader.Read([Path.Combine(git.Tree, "main")], git.Home);

        foreach (var name in new[] { "core.excludesfile", "core.ignorecase" })
        {
            var expected = git.RunText("config", "--file", "main", "--includes", "--get", name).TrimEnd('\n');
            Assert.Equal(expected, config.Get(name) ?? "");
        }

        Assert.True(config.IgnoreCase);
        Assert.Equal("c", config.Get("core.excludesfile"));
    }

    [Fact]
    public void Files_that_include_each_other_come_to_an_end()
    {
        using var git = new GitWitness();
        git.Write("main", "[core]\nexcludesFile = kept\n[include]\npath = main\npath = main\n"u8);

        var config = GitConfigReader.Read([Path.Combine(git.Tree, "main")], git.Home);

        Assert.Equal("kept", config.Get("core.excludesfile"));
        Assert.NotEmpty(config.Problems);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("Yes")]
    [InlineData("on")]
    [InlineData("1")]
    [InlineData("-2")]
    [InlineData("0")]
    [InlineData("no")]
    [InlineData("OFF")]
    [InlineData("")]
    public void A_switch_is_on_when_git_says_so(string value)
    {
        using var git = new GitWitness();
        git.Write("config", Encoding.ASCII.GetBytes($"[core]\nignoreCase = {value}\n"));

        var expected = git.RunText("config", "--file", "config", "--type=bool", "--get", "core.ignoreCase").Trim();

        Assert.Equal(expected, GitConfigReader.Read([Path.Combine(git.Tree, "config")], null).IgnoreCase ? "true" : "false");
    }

    [Fact]
    public void Without_a_setting_the_excludes_file_is_gits_own_default()
    {
        var config = GitConfigReader.Read([], null);

        Assert.Equal("/home/me/.config/git/ignore", config.ExcludesFile("/tree", "/home/me", configHome: ""));
        Assert.Equal("/settings/git/ignore", config.ExcludesFile("/tree", "/home/me", "/settings"));
        Assert.Null(config.ExcludesFile("/tree", null, null));
    }

    [Fact]
    public void An_excludes_file_set_to_nothing_means_none()
    {
        using var git = new GitWitness();
        git.Write("config", "[core]\nexcludesFile =\n"u8);

        Assert.Null(GitConfigReader.Read([Path.Combine(git.Tree, "config")], git.Home).ExcludesFile(git.Tree, git.Home, null));
    }

    [Fact]
    public void The_work_trees_own_settings_count_only_if_the_repository_says_so()
    {
        using var git = new GitWitness();
        var repository = GitDirectory.At(git.Tree)!;
        git.Write(".git/config.worktree", "[core]\nignoreCase = true\n"u8);
        Assert.False(GitConfigReader.Read(repository, [], null).IgnoreCase);

        git.Run(["config", "extensions.worktreeConfig", "true"]);
        Assert.True(GitConfigReader.Read(repository, [], null).IgnoreCase);
    }

    /// <summary>Git before 2.45 turned a tab inside a value into a space, later ones and this reader keep it.</summary>
    private static string BlanksAsSpaces(string setting) => setting.Replace('\t', ' ').Replace('\r', ' ');

    private static List<string>? List(GitWitness git)
    {
        try
        {
            return GitWitness.SplitAtNul(git.Run(["config", "--file", "config", "--list", "-z"])).ConvertAll(Encoding.UTF8.GetString);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
