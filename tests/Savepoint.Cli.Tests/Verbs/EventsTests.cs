using System.Diagnostics;
using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

public sealed class EventsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CliWorkspace _workspace = new();
    private Process? _follower;

    public void Dispose()
    {
        _follower?.Kill();
        _follower?.WaitForExit();
        _follower?.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public void Every_event_is_a_line_as_documented()
    {
        _workspace.Write("a", "1");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a", "2");
        _workspace.Run("capture", "--agent", "x", "-m", "two").Expect(0);
        _workspace.Run("undo").Expect(0);

        var lines = _workspace.Run("events").Expect(0).JsonLines;

        Assert.All(lines, line => JsonSchema.Check("events", line));
        Assert.Equal(["snapshot:created", "snapshot:created", "snapshot:rollback"], lines.ConvertAll(line => Text(line, "event")));
        Assert.Equal("two", Text(lines[1], "message"));
        Assert.Equal(1, lines[2].GetProperty("target").GetInt64());
    }

    [Theory]
    [InlineData("1", 2)]
    [InlineData("2.5", 1)]
    [InlineData("@-1", 1)]
    [InlineData("@", 0)]
    [InlineData("named", 2)]
    public void Since_takes_a_position_or_a_revision(string since, int expected)
    {
        _workspace.Run("init").Expect(0);
        _workspace.Run("checkpoint", "named").Expect(0);
        foreach (var text in (string[])["1", "2"])
        {
            _workspace.Write("a", text);
            _workspace.Run("capture").Expect(0);
        }

        Assert.Equal(expected, _workspace.Run("events", "--since", since).Expect(0).JsonLines.Count);
    }

    [Fact]
    public void A_follower_prints_what_many_processes_commit_in_order_and_each_once()
    {
        _workspace.Run("init").Expect(0);
        var follower = Follow();

        _workspace.Shell("""
            for agent in a b c; do
                (for i in 1 2 3 4 5; do echo $i > $agent; savepoint capture $agent --agent $agent --quiet || exit 1; done) &
            done
            wait; savepoint undo --quiet
            """).Expect(0);
        var expected = _workspace.Run("events").Expect(0).JsonLines.ConvertAll(line => Text(line, "position"));
        var printed = expected.ConvertAll(_ => Text(JsonDocument.Parse(follower.StandardOutput.ReadLine()!).RootElement, "position"));

        Assert.Equal(17, expected.Count);
        Assert.Equal(expected, printed);
        _workspace.Shell($"kill -INT {follower.Id}").Expect(0);
        Assert.True(follower.WaitForExit(Patience));
        Assert.Equal(0, follower.ExitCode);
        Assert.Equal("", follower.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void A_follower_whose_reader_leaves_ends_at_the_next_event()
    {
        _workspace.Run("init").Expect(0);
        var follower = Follow();
        Assert.NotNull(follower.StandardOutput.ReadLine());

        follower.StandardOutput.Close();
        _workspace.Write("a", "1");
        _workspace.Run("capture").Expect(0);

        Assert.True(follower.WaitForExit(Patience));
        Assert.Equal(0, follower.ExitCode);
    }

    private Process Follow() => _follower = Executable.Start(Executable.File, ["events", "--follow"], _workspace.Root, _workspace.Environment);

    private static string Text(JsonElement line, string member) => line.GetProperty(member).GetString()!;
}
