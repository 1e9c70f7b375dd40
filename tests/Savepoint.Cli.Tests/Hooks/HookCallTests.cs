using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>Whose doing a change is, where a call's beginning or end is told late, twice, by another agent or not at all.</summary>
public sealed class HookCallTests : IDisposable
{
    private const string Main = "claude-code";
    private const string Subagent = "claude-code/general-purpose:ag1";

    private readonly CliWorkspace _workspace = new();

    public HookCallTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write(".gitignore", ".env\n");
        _workspace.Write(".env", "SECRET\n");
        _workspace.Write("a.txt", "a\n");
        _workspace.Json("init");
        Hook("UserPromptSubmit", ("prompt", "go"));
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("undo --session s")]
    [InlineData("rollback 1")]
    [InlineData("rollback turn:p1")]
    public void An_ignored_file_that_was_there_is_not_deleted_though_only_the_edits_end_was_told(string command)
    {
        _workspace.Write(".env", "CHANGED\n");
        Hook("PostToolUse", Edit(".env", "1"));
        Assert.Equal("add .env", Newest().Changes);

        _workspace.Run(command.Split(' '));

        Assert.Equal("CHANGED\n", _workspace.Read(".env")); // what it was before, nobody saw
    }

    [Theory]
    [InlineData("Agent")] // its calls have hooks of their own: it is not announced
    [InlineData("Bash")] // the second notice of one that has ended
    public void A_notice_of_a_call_that_is_not_under_way_credits_nobody(string tool)
    {
        var call = Call(tool, "u1", ("run_in_background", true));
        Hook("PreToolUse", call);
        Hook("PostToolUse", call);
        if (tool == "Bash")
        {
            Notify("u1");
        }

        _workspace.Write("human.txt", "a person's\n");
        Notify("u1");

        Assert.Equal((null, null, "add human.txt"), Newest());
    }

    [Fact]
    public void A_call_that_is_told_of_twice_is_one_and_has_ended_when_its_end_is_told()
    {
        var call = Call("Bash", "u1");
        Hook("PreToolUse", call);
        Hook("PreToolUse", call);
        _workspace.Write("made.txt", "the agent's\n");
        Hook("PostToolUse", call);
        _workspace.Write("human.txt", "a person's\n");
        Hook("PostToolUse", call);
        Hook("PreToolUse", Call("Bash", "u2"));

        Assert.Equal([(Main, "u1", "add made.txt"), (null, null, "add human.txt")], History());
        Assert.Equal(1, Sql.Count(_workspace, "SELECT count(*) FROM spans WHERE likelihood < 3"));
    }

    [Fact]
    public void Told_of_twice_at_once_it_is_one_each_time()
    {
        for (var i = 0; i < 8; i++)
        {
            var call = Call("Bash", $"u{i}");
            Parallel.For(0, 2, _ => Hook("PreToolUse", call));
            _workspace.Write($"made{i}", "the agent's\n");
            Parallel.For(0, 2, _ => Hook("PostToolUse", [.. call, ("tool_response", new JsonObject { ["stdout"] = "" })]));
            _workspace.Write($"human{i}", "a person's\n");
            Assert.Equal(0, Sql.Count(_workspace, "SELECT count(*) FROM spans WHERE likelihood < 3"));
        }

        Hook("Stop");
        Assert.Equal(Enumerable.Range(0, 8).SelectMany(i => (string[])[$"{Main} u{i} add made{i}", $"  add human{i}"]), History().Select(line => $"{line.Agent} {line.Call} {line.Changes}"));
    }

    [Fact]
    public void An_id_that_comes_again_is_another_call()
    {
        foreach (var name in (string[])["one", "two"])
        {
            Hook("PreToolUse", Call("Bash", "call_0"));
            _workspace.Write(name, "the agent's\n");
            Hook("PostToolUse", Call("Bash", "call_0"));
        }

        Assert.Equal([(Main, "call_0", "add one"), (Main, "call_0", "add two")], History());
    }

    [Fact]
    public void The_end_of_a_turn_does_not_end_the_calls_of_a_sub_agent_that_goes_on()
    {
        var make = Call("Bash", "u1");
        Hook("PreToolUse", ForSubagent(make));
        Hook("Stop");
        _workspace.Write("one", "the sub-agent's\n");
        Hook("UserPromptSubmit", ("prompt", "next"), ("prompt_id", "p2"));
        Hook("PreToolUse", Call("Bash", "u2"));
        _workspace.Write("two", "most likely the one's that its agent waits for\n");
        Hook("PostToolUse", Call("Bash", "u2"));
        _workspace.Write("three", "the sub-agent's\n");
        Hook("PostToolUse", ForSubagent(make));
        _workspace.Write("four", "a person's\n");
        Hook("Stop");

        Assert.Equal([(Subagent, "u1", "add one"), (Main, "u2", "add two"), (Subagent, "u1", "add three"), (null, null, "add four")], History());
    }

    [Theory]
    [InlineData("SubagentStop")]
    [InlineData("SessionEnd")]
    public void A_sub_agents_call_whose_end_is_not_told_ends_with_it_or_with_the_session(string end)
    {
        Hook("PreToolUse", ForSubagent(Call("Bash", "u1")));
        Hook("PreToolUse", Call("Bash", "u2", ("run_in_background", true)));
        Hook("PostToolUse", Call("Bash", "u2", ("run_in_background", true)));
        Hook("Stop");
        Hook(end, end == "SubagentStop" ? ForSubagent([]) : []);
        _workspace.Write("later", "\n");
        Hook("SessionStart");

        Assert.Equal(end == "SubagentStop" ? (Main, "u2", "add later") : (null, null, "add later"), Newest()); // what the main agent has in the background goes on
    }

    [Fact]
    public void A_call_that_a_prompt_is_sent_in_belongs_to_the_turn_that_it_began_in()
    {
        Hook("PreToolUse", Call("Bash", "u1"));
        _workspace.Write("one", "the agent's\n");
        Hook("UserPromptSubmit", ("prompt", "and then"), ("prompt_id", "p2"));
        _workspace.Write("two", "the agent's\n");
        Hook("PostToolUse", Call("Bash", "u1"));
        Hook("PreToolUse", Call("Bash", "u2"));
        _workspace.Write("three", "the agent's\n");
        Hook("PostToolUse", Call("Bash", "u2"));

        var turns = _workspace.Run("log", "--json").Expect(0).JsonLines.Select(line => line.GetProperty("turn").GetString());
        Assert.Equal(["p2", "p1", "p1", null], turns);
        Assert.Equal([(Main, "u1", "add one"), (Main, "u1", "add two"), (Main, "u2", "add three")], History());
    }

    [Theory]
    [InlineData("TaskOutput")]
    [InlineData("BashOutput")]
    public void What_changes_while_an_agent_waits_for_its_background_command_is_that_commands(string tool)
    {
        Hook("PreToolUse", Call("Bash", "u1", ("run_in_background", true)));
        Hook("PostToolUse", Call("Bash", "u1", ("run_in_background", true)));
        Hook("PreToolUse", Call(tool, "u2"));
        _workspace.Write("made", "\n");
        Hook("PostToolUse", Call(tool, "u2"));
        Hook("Stop");

        Assert.Equal((Main, "u1", "add made"), Newest());
    }

    private (string? Agent, string? Call, string Changes) Newest() => History()[^1];

    private List<(string? Agent, string? Call, string Changes)> History() =>
    [
        .. _workspace.Run("log", "--json").Expect(0).JsonLines.Where(line => line.GetProperty("kind").GetString() != "baseline").Reverse().Select(line => (
            line.GetProperty("agent").GetString(),
            line.GetProperty("toolCall").GetString(),
            string.Join(", ", line.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("kind").GetString()} {change.GetProperty("path").GetString()}")))),
    ];

    private (string, JsonNode?)[] Edit(string path, string id) => [("tool_name", "Edit"), ("tool_use_id", id), ("tool_input", new JsonObject { ["file_path"] = _workspace.At(path) })];

    private static (string, JsonNode?)[] Call(string tool, string id, params (string Name, JsonNode? Value)[] input) =>
        [("tool_name", tool), ("tool_use_id", id), ("tool_input", new JsonObject(input.Prepend(("command", "make")).Select(member => KeyValuePair.Create(member.Item1, member.Item2))))];

    private static (string, JsonNode?)[] ForSubagent((string, JsonNode?)[] members) => [("agent_id", "ag1"), ("agent_type", "general-purpose"), .. members];

    private void Notify(string call) =>
        Hook("UserPromptSubmit", ("prompt", $"<task-notification>\n<task-id>b1</task-id>\n<tool-use-id>{call}</tool-use-id>\n<status>completed</status>\n</task-notification>"));

    private void Hook(string name, params (string Name, JsonNode? Value)[] members)
    {
        var told = new JsonObject { ["hook_event_name"] = name, ["session_id"] = "s", ["prompt_id"] = "p1", ["cwd"] = _workspace.Root };
        foreach (var (member, value) in members)
        {
            told[member] = value?.DeepClone();
        }

        var result = Executable.Run(Executable.File, ["hook", "claude-code"], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(told.ToJsonString()));
        Assert.Equal("", result.Expect(0).Error);
    }
}
