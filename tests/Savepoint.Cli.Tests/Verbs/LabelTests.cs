namespace Savepoint.Cli.Tests.Verbs;

public sealed class LabelTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    [Theory]
    [InlineData("permanent")]
    [InlineData("session")]
    [InlineData("until-verification")]
    [InlineData("user")]
    public void A_checkpoint_is_kept_as_long_as_it_was_asked_to(string retention)
    {
        _workspace.Write("file", "1");
        _workspace.Run("init").Expect(0);

        _workspace.Run("checkpoint", "named", "--retention", retention).Expect(0);

        var label = Assert.Single(_workspace.Json("labels").GetProperty("labels").EnumerateArray());
        Assert.Equal(("named", "checkpoint", retention, 1), (Text("name"), Text("kind"), Text("retention"), label.GetProperty("snapshot").GetInt32()));
        string? Text(string member) => label.GetProperty(member).GetString();
    }

    [Theory]
    [InlineData("before the big refactoring", 0)]
    [InlineData(" before", 2)]
    [InlineData("be\tfore", 2)]
    [InlineData("42", 2)]
    [InlineData("a@b", 2)]
    [InlineData("a:b", 2)]
    public void A_name_may_be_several_words(string name, int exitCode)
    {
        _workspace.Write("file", "1");
        _workspace.Run("init").Expect(0);

        _workspace.Run("checkpoint", name).Expect(exitCode);

        if (exitCode == 0)
        {
            _workspace.Write("file", "2");
            _workspace.Run("rollback", name).Expect(0);
            Assert.Equal("1", _workspace.Read("file"));
            _workspace.Run("diff", name, "@").Expect(0);
            _workspace.Run("unlabel", name).Expect(0);
        }
    }

    [Fact]
    public void Each_snapshot_names_the_one_before_it_and_its_branch()
    {
        _workspace.Write("file", "1");
        _workspace.Run("init").Expect(0);
        _workspace.Write("file", "2");
        _workspace.Capture();

        var lines = _workspace.Run("log", "--json").Expect(0).JsonLines;

        Assert.Equal(["1", ""], lines.Select(line => line.GetProperty("parent").ToString()));
        Assert.All(lines, line => Assert.Equal("main", line.GetProperty("branch").GetString()));
    }

    public void Dispose() => _workspace.Dispose();
}
