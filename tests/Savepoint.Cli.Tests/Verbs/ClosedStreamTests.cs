namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Whoever starts the command may have closed its standard streams; the next file that is opened must not become one of them.</summary>
public sealed class ClosedStreamTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void Nothing_is_written_into_a_file_or_read_from_one_instead(string closed)
    {
        _workspace.Write("a.txt", "one\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "two\n");
        _workspace.Write("b.txt", "two\n");

        _workspace.Shell($"savepoint capture {closed}; savepoint rollback 1 {closed}; savepoint undo {closed}; savepoint gc {closed}").Expect(0);

        Assert.Equal("two\n", _workspace.Read("a.txt"));
        Assert.Equal("two\n", _workspace.Read("b.txt"));
        _workspace.Run("verify", "--deep").Expect(0);
        Assert.Equal("a.txt\nb.txt\n", _workspace.Shell("ls").Expect(0).Output);
        Assert.True(_workspace.Json("status").GetProperty("clean").GetBoolean());
    }

    [Fact]
    public void A_hook_without_standard_input_says_that_it_is_empty()
    {
        _workspace.Run("init").Expect(0);

        var result = _workspace.Shell("savepoint hook claude-code <&-").Expect(0);

        Assert.Contains("it is empty", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_is_run_has_streams_of_its_own()
    {
        _workspace.Run("init").Expect(0);

        // Without an output, what it prints goes nowhere, and into no file.
        _workspace.Shell("savepoint run -- sh -c 'echo said; echo written > out.txt' <&- >&-").Expect(0);

        Assert.Equal("written\n", _workspace.Read("out.txt"));
    }
}
