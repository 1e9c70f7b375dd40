using System.Text;

namespace Savepoint.Cli.Tests.Output;

/// <summary>Names and messages that others wrote are data: they reach no terminal as commands, and lose no byte.</summary>
public sealed class QuotingTests : IDisposable
{
    private const string Hostile = "e\e]0;owned\a\e[31m.txt";

    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("log")]
    [InlineData("status")]
    [InlineData("show")]
    [InlineData("diff")]
    [InlineData("diff", "--stat")]
    [InlineData("log", "--json")]
    [InlineData("undo")]
    [InlineData("sessions")]
    [InlineData("capture")]
    public void No_escape_sequence_of_a_name_or_message_is_printed(params string[] arguments)
    {
        _workspace.Run("init").Expect(0);
        _workspace.Write(Hostile, "x\n");
        _workspace.Run("capture", "-m", "\e[2J\u202Egnp.exe", "--session", "\e[1m", "--agent", "\u009b31m").Expect(0);
        _workspace.Write(Hostile, "y\n");

        var result = _workspace.Run(arguments).Expect(0);

        Assert.DoesNotContain('\e', result.Output + result.Error);
        Assert.DoesNotContain('\u009b', result.Output + result.Error);
        Assert.DoesNotContain('\u202E', result.Output + result.Error);
    }

    [Fact]
    public void An_argument_that_is_not_utf8_names_its_file()
    {
        _workspace.Run("init").Expect(0);
        _workspace.Shell("printf x > \"$(printf 'caf\\351')\"").Expect(0);

        var result = _workspace.Shell("savepoint capture --json \"$(printf 'caf\\351')\"").Expect(0);

        var change = Assert.Single(result.Json.GetProperty("changes").EnumerateArray());
        Assert.Equal("caf\u00e9", Encoding.Latin1.GetString(change.GetProperty("pathBase64").GetBytesFromBase64()));
    }

    [Fact]
    public void A_c_quoted_argument_names_its_file()
    {
        _workspace.Run("init").Expect(0);
        _workspace.Write("t\ta\"b", "x");
        _workspace.Capture();

        Assert.Equal("x", _workspace.Run("cat", "@", "\"t\\ta\\\"b\"").Expect(0).Output);
    }
}
