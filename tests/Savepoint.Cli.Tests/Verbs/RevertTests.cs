namespace Savepoint.Cli.Tests.Verbs;

/// <summary>What <c>revert</c>, and <c>undo</c> of an actor, answer.</summary>
public sealed class RevertTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public RevertTests()
    {
        _workspace.Write("file", "1\n2\n3\n4\n5\n");
        _workspace.Run("init").Expect(0);
        Edit("s/2/two/", "a");
        Edit("s/4/four/", "b");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_revert_answers_as_documented_and_log_shows_what_is_undone()
    {
        var answer = _workspace.Json("revert", "2");

        JsonSchema.Check("revert", answer);
        Assert.Equal((4, 2, true), (answer.GetProperty("snapshot").GetInt64(), answer.GetProperty("target").GetInt64(), answer.GetProperty("written").GetBoolean()));
        Assert.Equal("1\n2\n3\nfour\n5\n", _workspace.Read("file"));
        Assert.Equal(["False", "False", "True", "False"], _workspace.Run("log", "--json").Expect(0).JsonLines.Select(line => line.GetProperty("undone").GetBoolean().ToString()));
    }

    [Theory]
    [InlineData("mv file b", "cp ../kept file")]
    [InlineData("sed s/1/one/ file > b; rm file", "cp ../kept file")]
    public void A_move_that_is_taken_back_by_hand_is_nothing_to_revert(string move, string back)
    {
        _workspace.Shell($"cp file ../kept; {move}; savepoint capture -q; rm b; savepoint capture -q; {back}; savepoint capture -q").Expect(0);

        var result = _workspace.Run("revert", "4").Expect(0);

        Assert.Contains("Nothing to revert", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_lines_conflict_nobody_is_sent_for_markers()
    {
        _workspace.Shell("rm file; savepoint capture -q").Expect(0);

        var result = _workspace.Run("revert", "2").Expect(3);

        Assert.Contains("Nothing was written", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--conflict=markers", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conflict_is_listed_with_exit_code_3_and_nothing_is_written()
    {
        Edit("s/two/TWO/", "b");
        var before = _workspace.Read("file");

        var result = _workspace.Run("revert", "2", "--json").Expect(3);

        JsonSchema.Check("revert", result.Json);
        var conflict = Assert.Single(result.Json.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(("file", "content", 2), (conflict.GetProperty("path").GetString(), conflict.GetProperty("kind").GetString(), conflict.GetProperty("ranges")[0].GetProperty("ours").GetProperty("start").GetInt32()));
        Assert.Equal((false, 4, before), (result.Json.GetProperty("written").GetBoolean(), result.Json.GetProperty("head").GetInt64(), _workspace.Read("file")));
        Assert.Contains("Nothing was written", result.Error, StringComparison.Ordinal);

        var marked = _workspace.Run("revert", "2", "--conflict=markers", "--json").Expect(3);
        JsonSchema.Check("revert", marked.Json);
        Assert.True(marked.Json.GetProperty("written").GetBoolean());
        Assert.Contains("<<<<<<< ours", _workspace.Read("file"), StringComparison.Ordinal);
        _workspace.Run("undo").Expect(0);
        Assert.Equal(before, _workspace.Read("file"));
    }

    [Theory]
    [InlineData("--agent", "a", "1\n2\n3\nfour\n5\n")]
    [InlineData("--session", "session-b", "1\ntwo\n3\n4\n5\n")]
    [InlineData("--turn", "turn-a", "1\n2\n3\nfour\n5\n")]
    public void Undo_of_an_actor_leaves_the_others_work(string option, string whose, string left)
    {
        JsonSchema.Check("undo", _workspace.Json("undo", option, whose));
        Assert.Equal(left, _workspace.Read("file"));

        var again = _workspace.Json("undo", option, whose);
        Assert.Equal(("nothing-to-do", left), (again.GetProperty("ending").GetString(), _workspace.Read("file")));
        _workspace.Run("redo").Expect(0);
        Assert.Equal("1\ntwo\n3\nfour\n5\n", _workspace.Read("file"));
    }

    [Theory]
    [InlineData("undo --turn t", "second\n", "redo")]
    [InlineData("undo --turn t --all", "first\n", "redo 2")]
    [InlineData("undo 2 --turn t", "first\n", "redo 2")]
    public void Undo_of_a_turn_takes_its_last_operation_back_or_as_many_as_are_named_or_all(string undo, string left, string redo)
    {
        _workspace.Write("of-a-turn", "first\n");
        _workspace.Capture("--turn", "before");
        foreach (var text in (string[])["second\n", "third\n"])
        {
            _workspace.Write("of-a-turn", text);
            _workspace.Capture("--turn", "t");
        }

        _workspace.Write("later", "others'\n");
        _workspace.Capture("--turn", "after");

        var said = _workspace.Run(undo.Split(' ')).Expect(0).Output;

        Assert.Equal((left, "others'\n"), (_workspace.Read("of-a-turn"), _workspace.Read("later")));
        Assert.Equal(redo.Length > 4, said.Contains($"'{redo}'", StringComparison.Ordinal));
        _workspace.Run(redo.Split(' ')).Expect(0);
        Assert.Equal("third\n", _workspace.Read("of-a-turn"));
    }

    [Fact]
    public void Undo_of_an_actor_writes_markers_where_it_is_asked_to_and_stops_there()
    {
        _workspace.Write("other", "a's\n");
        _workspace.Capture("--agent", "a", "other");
        Edit("s/two/TWO/", "b");
        var before = _workspace.Read("file");
        Assert.False(_workspace.Run("undo", "3", "--agent", "a", "--json").Expect(3).Json.GetProperty("written").GetBoolean());
        Assert.Equal((before, "a's\n"), (_workspace.Read("file"), _workspace.Read("other")));

        var marked = _workspace.Run("undo", "3", "--agent", "a", "--conflict=markers", "--json").Expect(3);

        JsonSchema.Check("undo", marked.Json);
        Assert.True(marked.Json.GetProperty("written").GetBoolean());
        Assert.Contains("<<<<<<< ours", _workspace.Read("file"), StringComparison.Ordinal);
        Assert.False(File.Exists(_workspace.At("other")));
        _workspace.Run("undo", "2").Expect(0);
        Assert.Equal((before, "a's\n"), (_workspace.Read("file"), _workspace.Read("other")));
    }

    [Theory]
    [InlineData("--conflict=markers")]
    [InlineData("--agent a --conflict=ours")]
    public void A_form_of_conflict_that_there_is_not_is_refused(string arguments) =>
        _workspace.Run(["undo", .. arguments.Split(' ')]).Expect(2);

    [Theory]
    [InlineData("turn:turn-a", 2)]
    [InlineData("2 --hunk 0", 2)]
    [InlineData("2 --conflict=ours", 2)]
    [InlineData("1", 1)]
    [InlineData("2 --hunk 9", 1)]
    [InlineData("", 2)]
    public void What_cannot_be_reverted_is_refused_with_a_way_out(string arguments, int exitCode)
    {
        var result = _workspace.Run(["revert", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Expect(exitCode);

        Assert.Equal(2, result.Error.TrimEnd('\n').Split('\n').Length);
    }

    private void Edit(string change, string agent)
    {
        _workspace.Shell($"sed -i {change} file").Expect(0);
        _workspace.Run("capture", "--agent", agent, "--session", $"session-{agent}", "--turn", $"turn-{agent}").Expect(0);
    }
}
