using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>What begins a turn, and what a beginning session is told.</summary>
public sealed class HookTurnTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public HookTurnTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write("a.txt", "a\n");
        _workspace.Json("init");
    }

    public void Dispose() => _workspace.Dispose();

    /// <summary>Gemini CLI names no turns: that the second has begun is known by its prompt's event alone.</summary>
    [Fact]
    public void A_turn_begins_even_if_its_hook_had_no_time_to_record()
    {
        Hook("gemini", "BeforeAgent", ("prompt", "one"));
        Edit("one\n");
        var store = Directory.GetFiles(_workspace.StoreHome, "store.db", SearchOption.AllDirectories).Single();
        _workspace.Shell("echo '{\"hookDeadline\":\"6s\"}' > ~/.config/savepoint/config.json").Expect(0);
        using (new FileStream(Path.Combine(Path.GetDirectoryName(store)!, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Contains("gave up", Hook("gemini", "BeforeAgent", ("prompt", "two")).Error, StringComparison.Ordinal);
        }

        _workspace.GiveHooksTime();
        Edit("two\n");

        var turns = _workspace.Run("log", "--json").Expect(0).JsonLines.Select(line => line.GetProperty("turn").GetString());
        Assert.Equal(["s-2", "s-1", null], turns);

        void Edit(string text)
        {
            var file = ("tool_input", (JsonNode)new JsonObject { ["file_path"] = _workspace.At("a.txt") });
            Hook("gemini", "BeforeTool", ("tool_name", "write_file"), file);
            _workspace.Write("a.txt", text);
            Hook("gemini", "AfterTool", ("tool_name", "write_file"), ("tool_input", file.Item2.DeepClone()));
        }
    }

    [Theory]
    [InlineData("<task-notification>\n<task-id>b1</task-id>\n<status>killed</status>\n</task-notification>")]
    [InlineData("<task-notification>\n<task-id>b1</task-id>\n<tool-use-id>toolu_1</tool-use-id>\n</task-notification>")]
    public void The_end_of_a_background_command_begins_no_turn_and_what_it_did_is_recorded(string prompt)
    {
        Hook("claude-code", "UserPromptSubmit", ("prompt", "go"), ("prompt_id", "p1"));
        Hook("claude-code", "PreToolUse", ("tool_name", "Bash"), ("tool_use_id", "toolu_1"), ("tool_input", new JsonObject { ["command"] = "make &", ["run_in_background"] = true }));
        Hook("claude-code", "PostToolUse", ("tool_name", "Bash"), ("tool_use_id", "toolu_1"), ("tool_input", new JsonObject { ["command"] = "make &", ["run_in_background"] = true }));
        _workspace.Write("late", "late\n");

        Hook("claude-code", "UserPromptSubmit", ("prompt", prompt), ("prompt_id", "p2"));
        var late = _workspace.Json("show", "2");
        Assert.Equal(("p1", "Bash", "make &"), (late.GetProperty("turn").GetString(), late.GetProperty("tool").GetString(), late.GetProperty("message").GetString()));
        Hook("claude-code", "PreToolUse", ("tool_name", "Bash"), ("tool_use_id", "toolu_2"), ("prompt_id", "p2"));
        _workspace.Write("a.txt", "b\n");
        Hook("claude-code", "PostToolUse", ("tool_name", "Bash"), ("tool_use_id", "toolu_2"), ("prompt_id", "p2"));

        Assert.Equal(("p1", "toolu_2"), (_workspace.Json("show", "3").GetProperty("turn").GetString(), _workspace.Json("show", "3").GetProperty("toolCall").GetString()));
    }

    /// <summary>Gemini CLI names no turns, and runs all hooks of an event with the same words.</summary>
    [Fact]
    public void A_prompt_that_is_told_of_twice_begins_one_turn_and_the_same_prompt_later_another()
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var time in (DateTimeOffset[])[now, now.AddMilliseconds(700)])
        {
            Parallel.For(0, 2, _ => Hook("gemini", "BeforeAgent", ("prompt", "go on"), ("timestamp", time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture))));
        }

        Parallel.For(0, 2, _ => Hook("codex", "UserPromptSubmit", ("prompt", "go on"), ("turn_id", "t3")));

        Assert.Equal(["s-1", "s-2", "t3"], Sql.Texts(_workspace, "SELECT turn FROM turns ORDER BY number"));
    }

    [Theory]
    [InlineData("claude-code", "p1")]
    [InlineData("codex", "p2")]
    [InlineData("opencode", "p2")]
    public void Only_Claude_Code_tells_of_a_background_commands_end_as_of_a_prompt(string client, string turn)
    {
        Hook(client, "UserPromptSubmit", ("prompt", "go"), ("turn_id", "p1"));
        Hook(client, "UserPromptSubmit", ("prompt", "<task-notification>\nwhat is that in my log?"), ("turn_id", "p2"));
        Hook(client, "PreToolUse", ("tool_name", "Bash"), ("tool_use_id", "1"));
        _workspace.Write("a.txt", "b\n");
        Hook(client, "PostToolUse", ("tool_name", "Bash"), ("tool_use_id", "1"));

        Assert.Equal(turn, _workspace.Json("show", "2").GetProperty("turn").GetString());
    }

    [Fact]
    public void A_client_whose_directory_is_gone_is_where_that_was()
    {
        _workspace.Write("sub/dir/b.txt", "b\n");
        _workspace.Capture();
        Hook("codex", "PreToolUse", ("cwd", _workspace.At("sub/dir")), ("tool_name", "Bash"), ("tool_use_id", "1"));
        Directory.Move(_workspace.At("sub"), _workspace.At("moved"));
        Hook("codex", "PostToolUse", ("cwd", _workspace.At("sub/dir")), ("tool_name", "Bash"), ("tool_use_id", "1"));

        Assert.Equal("1", _workspace.Json("log", "-n", "1").GetProperty("toolCall").GetString());
    }

    /// <summary>A client that was killed in a call tells of no end; <c>timeout</c> is one here, and has ended.</summary>
    [Theory]
    [InlineData("timeout 60 ", null)]
    [InlineData("", "a")] // the client lives: its command may be at work
    public void What_changes_after_a_client_has_died_and_another_session_has_begun_is_not_its_calls(string client, string? whose)
    {
        var call = new JsonObject { ["hook_event_name"] = "PreToolUse", ["session_id"] = "a", ["cwd"] = _workspace.Root, ["tool_name"] = "Bash", ["tool_use_id"] = "1", ["tool_input"] = new JsonObject { ["command"] = "make" } };
        _workspace.Shell($"{client}savepoint hook claude-code", Encoding.UTF8.GetBytes(call.ToJsonString())).Expect(0);
        _workspace.Write("made", "by the command\n");

        Hook("claude-code", "UserPromptSubmit", ("prompt", "go"));
        _workspace.Write("later", "by a person\n");
        Hook("claude-code", "Stop");

        Assert.Equal(("a", "Bash"), (_workspace.Json("show", "2").GetProperty("session").GetString(), _workspace.Json("show", "2").GetProperty("tool").GetString()));
        Assert.Equal(whose, _workspace.Json("show", "3").GetProperty("session").GetString());
    }

    [Theory]
    [InlineData("claude-code", true)]
    [InlineData("codex", true)]
    [InlineData("gemini", true)]
    [InlineData("opencode", true)]
    [InlineData("claude-code", false)]
    public void A_session_is_told_in_two_lines_of_undo_rollback_and_try_by_a_name_that_leads_to_us(string client, bool isOnPath)
    {
        if (!isOnPath)
        {
            _workspace.Environment["PATH"] = "/usr/bin:/bin";
        }

        var answer = JsonDocument.Parse(Hook(client, "SessionStart").Output).RootElement.GetProperty("hookSpecificOutput");

        var told = answer.GetProperty("additionalContext").GetString()!;
        var program = isOnPath ? "savepoint" : Executable.File;
        Assert.Equal(2, told.Split('\n').Length);
        Assert.All((string[])["undo`", "rollback turn:ID`", "try --approach "], words => Assert.Contains($"`{program} {words}", told, StringComparison.Ordinal));
    }

    [Fact]
    public void With_a_users_settings_that_cannot_be_read_it_records_by_the_defaults_and_says_so()
    {
        _workspace.Shell("echo '{ broken' > ~/.config/savepoint/config.json").Expect(0);
        _workspace.Write("a.txt", "b\n");

        var result = Hook("claude-code", "Stop");

        Assert.Contains("config.json", result.Error, StringComparison.Ordinal);
        _workspace.GiveHooksTime();
        Assert.Equal(2, _workspace.Json("log", "-n", "1").GetProperty("snapshot").GetInt64());
    }

    private CliResult Hook(string client, string name, params (string Name, JsonNode? Value)[] members)
    {
        var told = new JsonObject { ["hook_event_name"] = name, ["session_id"] = "s", ["cwd"] = _workspace.Root };
        foreach (var (member, value) in members)
        {
            told[member] = value;
        }

        return Executable.Run(Executable.File, ["hook", client], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(told.ToJsonString())).Expect(0);
    }
}
