namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Names that are not UTF-8: recorded below a workspace's root, from wherever, and refused in words where text is needed.</summary>
public sealed class OtherBytesTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public OtherBytesTests()
    {
        _workspace.Shell("mkdir $'d\\xff'; echo one > $'d\\xff/x'").Expect(0);
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("cd $'d\\xff'; echo two > x; savepoint capture x --json")]
    [InlineData("cd $'d\\xff'; echo two > x; savepoint -C .. capture x --json")]
    [InlineData("echo two > $'d\\xff/x'; savepoint capture $'d\\xff/x' --json")]
    public void A_path_is_found_from_a_directory_of_such_a_name(string script)
    {
        var change = Assert.Single(_workspace.Shell(script).Expect(0).Json.GetProperty("changes").EnumerateArray());

        Assert.Equal([(byte)'d', 0xff, (byte)'/', (byte)'x'], change.GetProperty("pathBase64").GetBytesFromBase64());
    }

    [Fact]
    public void An_option_and_such_a_value_in_one_word_is_the_option()
    {
        var diff = _workspace.Shell("echo two > $'d\\xff/x'; savepoint diff --path=$'d\\xff' --json").Expect(0).Json;

        Assert.Single(diff.GetProperty("changes").EnumerateArray());
    }

    [Fact]
    public void A_root_of_such_a_name_is_refused_in_words()
    {
        var result = _workspace.Shell("mkdir $'../r\\xff'; cd $'../r\\xff'; savepoint init").Expect(1);

        Assert.Contains("r\\377\" is not UTF-8", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_would_lie_in_a_directory_of_such_a_name_is_refused_in_words() =>
        Assert.Contains("is not UTF-8", _workspace.Shell("cd $'d\\xff'; savepoint export --archive state.tar").Expect(1).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("export --archive $'../a\\xff.tar'")]
    [InlineData("export --archive=$'../a\\xff.tar'")]
    [InlineData("export --git $'../a\\xff'")]
    [InlineData("branch create idea --dir $'../a\\xff'")]
    [InlineData("branch create $'a\\xff'")]
    [InlineData("-C $'../a\\xff' status")]
    [InlineData("init --store $'../a\\xff'")]
    [InlineData("init --adopt $'../a\\xff'")]
    [InlineData("checkpoint $'a\\xff'")]
    [InlineData("milestone $'a\\xff'")]
    [InlineData("capture -m $'a\\xff'")]
    [InlineData("show $'a\\xff'")]
    public void Such_a_name_where_text_is_needed_is_refused_and_nothing_made(string arguments)
    {
        var result = _workspace.Shell($"savepoint {arguments}").Expect(2);

        Assert.Contains("a\\377", result.Error, StringComparison.Ordinal);
        Assert.Contains("is not UTF-8", result.Error, StringComparison.Ordinal);
        Assert.Equal("0\n", _workspace.Shell("ls -a .. | grep -c 377").Output);
        Assert.Equal(0, _workspace.Json("labels").GetProperty("labels").GetArrayLength());
    }
}
