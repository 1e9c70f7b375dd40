namespace Savepoint.Cli.Tests.Verbs;

/// <summary>The promises about numbers: what was recorded, where the head is, what was undone.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public HistoryTests()
    {
        _workspace.Write("a.txt", "1\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "2\n");
        _workspace.Capture("--agent", "one", "--session", "s1", "--turn", "t1");
        _workspace.Write("b.txt", "3\n");
        _workspace.Capture("--agent", "two", "--session", "s2", "--turn", "t2");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Where_nothing_was_recorded_the_head_is_named()
    {
        var answer = _workspace.Json("capture");

        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.GetProperty("snapshot").ValueKind);
        Assert.Equal(3, answer.GetProperty("head").GetInt64());
        Assert.Equal("main", answer.GetProperty("branch").GetString());
    }

    [Fact]
    public void Since_a_time_before_the_history_is_all_of_it()
    {
        Assert.Equal(3, _workspace.Run("log", "--since", "@{1w}", "--json").Expect(0).JsonLines.Count);
        Assert.Equal(_workspace.Run("events").Expect(0).Output, _workspace.Run("events", "--since", "@{1w}").Expect(0).Output);
        _workspace.Run("log", "--since", "nobody").Expect(1);
    }

    [Fact]
    public void Undone_operations_are_marked_until_they_are_redone()
    {
        _workspace.Run("undo", "2").Expect(0);
        Assert.Equal([3, 2], Undone());

        _workspace.Run("redo").Expect(0);
        Assert.Equal([3], Undone());

        _workspace.Run("redo").Expect(0);
        Assert.Equal([], Undone());
    }

    [Fact]
    public void Undone_operations_are_marked_in_a_filtered_log_too()
    {
        _workspace.Run("undo").Expect(0);

        Assert.True(Assert.Single(_workspace.Run("log", "--path", "b.txt", "--session", "s2", "--json").Expect(0).JsonLines).GetProperty("undone").GetBoolean());
    }

    [Theory]
    [InlineData("--session", "s1", 2)]
    [InlineData("--agent", "two", 3)]
    [InlineData("--path", "b.txt", 3)]
    [InlineData("--since", "2", 3)]
    [InlineData("-n", "1", 3)]
    public void The_log_lists_only_what_is_asked_for(string option, string value, long expected) =>
        Assert.Equal(expected, Assert.Single(_workspace.Run("log", option, value, "--json").Expect(0).JsonLines).GetProperty("snapshot").GetInt64());

    [Fact]
    public void A_turn_alone_shows_what_it_did()
    {
        _workspace.Write("c.txt", "not of this turn\n");

        var diff = _workspace.Json("diff", "turn:t1");

        Assert.Equal(1, diff.GetProperty("from").GetInt64());
        Assert.Equal(2, diff.GetProperty("to").GetInt64());
        Assert.Equal("a.txt", Assert.Single(diff.GetProperty("changes").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public void A_rollback_keeps_what_was_not_recorded()
    {
        _workspace.Write("a.txt", "unrecorded\n");

        var answer = _workspace.Json("rollback", "1");

        Assert.Equal("1\n", _workspace.Read("a.txt"));
        Assert.True(answer.GetProperty("verified").GetBoolean());
        var drift = answer.GetProperty("drift").GetInt64();
        Assert.Equal("unrecorded\n", _workspace.Run("cat", $"{drift}", "a.txt").Expect(0).Output);
    }

    [Fact]
    public void A_dry_run_changes_nothing()
    {
        var answer = _workspace.Json("rollback", "1", "--dry-run");

        Assert.Equal(["a.txt", "b.txt"], answer.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.All(answer.GetProperty("files").EnumerateArray(), file => Assert.Equal("unchanged", file.GetProperty("result").GetString()));
        Assert.Equal("2\n", _workspace.Read("a.txt"));
        Assert.Equal(3, _workspace.Json("status").GetProperty("head").GetInt64());
    }

    [Fact]
    public void Empty_names_are_as_if_not_given()
    {
        _workspace.Write("a.txt", "new\n");
        _workspace.Capture("--agent", "", "--session", "", "--turn", "", "--tool", "", "-m", "");

        var line = _workspace.Run("log", "-n", "1", "--json").Expect(0).JsonLines.Single();

        Assert.All(["agent", "session", "turn", "tool", "message"], name => Assert.Equal(System.Text.Json.JsonValueKind.Null, line.GetProperty(name).ValueKind));
    }

    private List<long> Undone() =>
        [.. _workspace.Run("log", "--json").Expect(0).JsonLines.Where(line => line.GetProperty("undone").GetBoolean()).Select(line => line.GetProperty("snapshot").GetInt64())];
}
