using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>The log by turns, and the ways that lead into a turn and back before it.</summary>
public sealed class LogTurnsTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public LogTurnsTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write("a.txt", "1\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Each_turn_has_a_heading_with_its_prompts_first_words()
    {
        Turn("t1", "Fix the\n  parser, \u001b[31mplease", "2\n", "3\n");
        Turn("t2", "Now the long story: " + string.Concat(Enumerable.Repeat("words ", 50)), "4\n");

        var headings = Headings(_workspace.Run("log").Expect(0).Output);

        Assert.Equal(
        [
            "── turn:t2  session:s  claude-code  “Now the long story: words words words words words words word…”",
            "── turn:t1  session:s  claude-code  “Fix the parser, \\u001b[31mplease”",
            "── no agent",
        ],
        headings);
        Assert.Equal(headings[..1], Headings(_workspace.Run("log", "--session", "s", "-n", "1").Expect(0).Output));
    }

    [Fact]
    public void A_heading_stands_wherever_agent_session_or_turn_change_and_nowhere_else()
    {
        string[][] actors = [["a", "s", "t"], ["a", "s", "t"], ["a/sub", "s", "t"], ["", "", ""], ["a", "s2", "t"], ["a", "", ""]];
        for (var i = 0; i < actors.Length; i++)
        {
            _workspace.Write("a.txt", $"{i + 2}\n");
            _workspace.Run(["capture", .. actors[i] is ["", ..] ? [] : (string[])["--agent", actors[i][0], "--session", actors[i][1], "--turn", actors[i][2]]]).Expect(0);
        }

        var log = _workspace.Run("log").Expect(0).Output;

        Assert.Equal(["── a", "── turn:t  session:s2  a", "── no agent", "── turn:t  session:s  a/sub", "── turn:t  session:s  a", "── no agent"], Headings(log));
        Assert.Equal(7, log.Split('\n').Count(line => line.StartsWith('○') || line.StartsWith('@')));
        Assert.DoesNotContain("a/s/t", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_without_agents_has_none_and_a_drawing_goes_on_beside_them()
    {
        _workspace.Write("a.txt", "2\n");
        _workspace.Capture();
        Assert.Empty(Headings(_workspace.Run("log").Expect(0).Output));

        _workspace.Write("a.txt", "3\n");
        _workspace.Capture("--agent", "a", "--turn", "t");
        _workspace.Run("undo").Expect(0);

        var lines = _workspace.Run("log", "--graph").Expect(0).Output.Split('\n');
        Assert.Equal(2, lines.Count(line => line.StartsWith("│ │ ── ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_lines_of_json_are_as_they_were()
    {
        Turn("t1", "go", "2\n");

        var lines = _workspace.Run("log", "--json").Expect(0).JsonLines;

        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => JsonSchema.Check("log", line));
        Assert.Equal(("claude-code", "s", "t1"), (lines[0].GetProperty("agent").GetString(), lines[0].GetProperty("session").GetString(), lines[0].GetProperty("turn").GetString()));
    }

    [Fact]
    public void A_turn_can_be_shown_left_and_undone()
    {
        Turn("t1", "first", "2\n", "3\n");
        Turn("t2", "second", "4\n", "5\n");

        Assert.Equal([2, 3], _workspace.Json("show", "turn:t1").GetProperty("snapshots").EnumerateArray().Select(snapshot => snapshot.GetProperty("snapshot").GetInt64()));
        Assert.Contains("-1\n+3\n", _workspace.Run("diff", "turn:t1").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("-1\n+5\n", _workspace.Run("diff", "turn:t1", "@").Expect(0).Output, StringComparison.Ordinal);

        _workspace.Run("rollback", "turn:t2").Expect(0);
        Assert.Equal("3\n", _workspace.Read("a.txt"));
        _workspace.Run("undo").Expect(0);
        _workspace.Run("undo", "--turn", "t2").Expect(0);
        Assert.Equal("4\n", _workspace.Read("a.txt"));
        _workspace.Run("undo", "2", "--turn", "t2", "--all").Expect(2);
        _workspace.Run("undo", "--all").Expect(2);
        _workspace.Run("undo", "--turn", "t2", "--all").Expect(0);
        Assert.Equal("3\n", _workspace.Read("a.txt"));
        Assert.Equal("nothing-to-do", _workspace.Json("undo", "--turn", "t2").GetProperty("ending").GetString());
    }

    [Fact]
    public void Before_a_turn_whose_doing_nothing_is_recorded_as_is_where_its_prompt_was_given()
    {
        Hook("UserPromptSubmit", "t1", "go");
        _workspace.Write("a.txt", "2\n");
        _workspace.Capture();

        var shown = _workspace.Run("diff", "turn:t1").Expect(1);
        Assert.Contains("'savepoint rollback 1'", shown.Error, StringComparison.Ordinal);
        _workspace.Run("rollback", "turn:t1").Expect(0);

        Assert.Equal("1\n", _workspace.Read("a.txt"));
        Assert.Contains("There is no turn 'none'", _workspace.Run("rollback", "turn:none").Expect(1).Error, StringComparison.Ordinal);
    }

    private static List<string> Headings(string log) => [.. log.Split('\n').Where(line => line.StartsWith("──", StringComparison.Ordinal))];

    /// <summary>A turn of Claude Code with one edit after another.</summary>
    private void Turn(string turn, string prompt, params string[] contents)
    {
        Hook("UserPromptSubmit", turn, prompt);
        foreach (var content in contents)
        {
            Hook("PreToolUse", turn, prompt);
            _workspace.Write("a.txt", content);
            Hook("PostToolUse", turn, prompt);
        }

        Hook("Stop", turn, prompt);
    }

    private void Hook(string name, string turn, string prompt)
    {
        var payload = new JsonObject
        {
            ["hook_event_name"] = name,
            ["session_id"] = "s",
            ["prompt_id"] = turn,
            ["cwd"] = _workspace.Root,
            ["prompt"] = prompt,
            ["tool_name"] = "Edit",
            ["tool_use_id"] = "1",
            ["tool_input"] = new JsonObject { ["file_path"] = _workspace.At("a.txt") },
        };
        Assert.Equal("", Executable.Run(Executable.File, ["hook", "claude-code"], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(payload.ToJsonString())).Expect(0).Error);
    }
}
