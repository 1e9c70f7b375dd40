namespace Savepoint.Cli.Tests.Verbs;

/// <summary>How the command line finds the workspace and the paths in it.</summary>
public sealed class PathArgumentTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public PathArgumentTests()
    {
        _workspace.Write("sub/deep/file.txt", "one\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("sub/deep/file.txt", "two\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_path_is_relative_to_the_current_directory() => Captures(_workspace.RunIn(_workspace.At("sub/deep"), "capture", "file.txt", "--json"));

    [Fact]
    public void A_path_may_climb_inside_the_workspace() => Captures(_workspace.RunIn(_workspace.At("sub/deep"), "capture", "../deep/./file.txt", "--json"));

    [Fact]
    public void A_path_may_be_absolute() => Captures(_workspace.RunIn("/", "-C", _workspace.Root, "capture", _workspace.At("sub/deep/file.txt"), "--json"));

    [Fact]
    public void A_path_may_lead_through_a_link_to_the_root()
    {
        var link = Path.Combine(_workspace.Scratch, "link");
        File.CreateSymbolicLink(link, _workspace.Root);

        Captures(_workspace.RunIn(link, "capture", Path.Combine(link, "sub/deep/file.txt"), "--json"));
    }

    [Fact]
    public void From_elsewhere_a_path_is_relative_to_the_named_workspace() => Captures(_workspace.RunIn("/", "capture", "-C", _workspace.Root, "sub/deep/file.txt", "--json"));

    [Fact]
    public void A_directory_stands_for_all_it_holds() => Captures(_workspace.Run("capture", "sub", "--json"));

    [Theory]
    [InlineData("build", "build,build/o,build/sub,build/sub/p")]
    [InlineData("build/sub", "build,build/sub,build/sub/p")]
    [InlineData("build/o", "build,build/o")]
    [InlineData("src", "src,src/.gitignore")]
    public void An_ignored_directory_that_is_named_stands_for_all_it_holds(string named, string recorded)
    {
        _workspace.Shell("git init -q; echo build/ > .gitignore; mkdir -p build/sub src; echo o > build/o; echo p > build/sub/p; echo '*.o' > src/.gitignore; echo o > src/a.o").Expect(0);

        var answer = _workspace.Json("capture", named);

        Assert.Equal(recorded, string.Join(',', answer.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("path").GetString())));
    }

    [Fact]
    public void From_outside_a_path_is_told_to_be_relative_to_the_named_workspace_too()
    {
        var refused = _workspace.RunIn(_workspace.Scratch, "-C", "work", "capture", "../x").Expect(1);

        Assert.Contains("or to the workspace that -C names", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_named_like_the_verb_is_a_path()
    {
        _workspace.Write("capture", "x\n");

        var answer = _workspace.Run("capture", "capture", "--json").Expect(0).Json;

        Assert.Equal("capture", answer.GetProperty("changes")[0].GetProperty("path").GetString());
    }

    [Fact]
    public void Behind_two_dashes_a_path_may_look_like_an_option()
    {
        _workspace.Write("--json", "x\n");

        var answer = _workspace.Run("capture", "--json", "--", "--json").Expect(0).Json;

        Assert.Equal("--json", answer.GetProperty("changes")[0].GetProperty("path").GetString());
    }

    private static void Captures(CliResult result)
    {
        var change = Assert.Single(result.Expect(0).Json.GetProperty("changes").EnumerateArray());
        Assert.Equal("sub/deep/file.txt", change.GetProperty("path").GetString());
    }
}
