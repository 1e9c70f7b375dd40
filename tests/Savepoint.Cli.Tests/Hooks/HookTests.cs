using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>A hook never blocks or breaks its client.</summary>
public sealed class HookTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("hook claude-code", "")]
    [InlineData("hook claude-code", "{")]
    [InlineData("hook claude-code", "[]")]
    [InlineData("hook claude-code", "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":7,\"tool_input\":[]}")]
    [InlineData("hook claude-code", "{\"hook_event_name\":\"PreToolUse\",\"cwd\":\"/nowhere\",\"tool_name\":\"Write\",\"tool_input\":{\"file_path\":\"/nowhere/\\u0000x\"}}")]
    [InlineData("hook claude-code", "{\"hook_event_name\":\"NoSuchEvent\"}")]
    [InlineData("hook nobody", "{}")]
    [InlineData("hook", "{}")]
    [InlineData("hook --no-such-option", "{}")]
    public void Whatever_comes_the_exit_code_is_0_and_standard_output_is_empty(string command, string input)
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Json("init");

        var result = Executable.Run(Executable.File, command.Split(' '), _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(input));

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("opencode", null)]
    [InlineData("opencode/agent:ses_2", "ses_2")]
    public void What_the_plug_in_for_opencode_tells_is_recorded_with_whose_it_is(string agent, string? subAgent)
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Json("init");
        Hook("opencode", Event("UserPromptSubmit", ("prompt", "go"), ("turn_id", "msg_1"))).Expect(0);
        var call = Event("PreToolUse", ("turn_id", "msg_1"), ("tool_name", "bash"), ("tool_use_id", "call_1"));
        call["tool_input"] = new JsonObject { ["command"] = "touch b.txt; false" };
        if (subAgent is not null)
        {
            call["agent_id"] = subAgent;
        }

        Hook("opencode", call).Expect(0);
        _workspace.Write("b.txt", "");
        call["hook_event_name"] = "PostToolUse";
        call["tool_response"] = new JsonObject { ["exit"] = 1 };
        Hook("opencode", call).Expect(0);

        var snapshot = _workspace.Json("show", "2");
        Assert.Equal(
            [agent, "s", "msg_1", "bash", "touch b.txt; false", "1"],
            ((string[])["agent", "session", "turn", "tool", "message", "exitCode"]).Select(name => snapshot.GetProperty(name).ToString()));
    }

    [Fact]
    public void A_damaged_store_is_a_word_on_standard_error()
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Json("init");
        var store = Directory.GetFiles(_workspace.StoreHome, "store.db", SearchOption.AllDirectories).Single();
        File.WriteAllText(store, "no database");

        var result = Hook("claude-code", Event("PreToolUse", ("tool_name", "Bash")));

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("savepoint: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_directory_that_is_not_tracked_it_does_nothing_and_says_nothing()
    {
        var result = Hook("claude-code", Event("UserPromptSubmit", ("prompt", "hello")));

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        Assert.False(Directory.Exists(Path.Combine(_workspace.StoreHome, "stores")));
    }

    [Fact]
    public void Installed_for_the_user_it_tracks_a_repository_at_its_first_prompt()
    {
        _workspace.Write("src/a.txt", "a\n");
        _workspace.Shell("git init -q").Expect(0);

        Hook("codex --user", Event("SessionStart")).Expect(0);
        Assert.NotEqual(0, _workspace.Run("status").ExitCode);
        Hook("codex --user", Event("UserPromptSubmit", ("prompt", "hello"), ("cwd", _workspace.At("src")))).Expect(0);

        Await(() => _workspace.Run("status").ExitCode == 0);
        Assert.Equal(_workspace.Root, _workspace.Json("stores").GetProperty("stores")[0].GetProperty("workspace").GetString());
    }

    [Fact]
    public void Unless_autoInit_is_off()
    {
        _workspace.Write("src/a.txt", "a\n");
        _workspace.Shell("git init -q; mkdir -p ~/.config/savepoint; echo '{\"autoInit\":false}' > ~/.config/savepoint/config.json").Expect(0);

        Hook("codex --user", Event("UserPromptSubmit", ("prompt", "hello"))).Expect(0);

        Assert.False(Directory.Exists(Path.Combine(_workspace.StoreHome, "stores")));
    }

    [Fact]
    public void A_file_outside_the_workspace_is_not_recorded()
    {
        _workspace.Write("a.txt", "a\n");
        _workspace.Json("init");
        var outside = Path.Combine(_workspace.Scratch, "outside.txt");
        var call = Event("PreToolUse", ("tool_name", "Write"), ("tool_use_id", "1"));
        call["tool_input"] = new JsonObject { ["file_path"] = outside, ["content"] = "x" };

        Hook("claude-code", call).Expect(0);
        File.WriteAllText(outside, "x");
        call["hook_event_name"] = "PostToolUse";
        Hook("claude-code", call).Expect(0);

        Assert.Equal(1, _workspace.Json("status").GetProperty("head").GetInt64());
    }

    private CliResult Hook(string arguments, JsonObject payload) =>
        Executable.Run(Executable.File, ["hook", .. arguments.Split(' ')], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(payload.ToJsonString()));

    private JsonObject Event(string name, params (string Name, string Value)[] members)
    {
        var payload = new JsonObject { ["hook_event_name"] = name, ["session_id"] = "s", ["cwd"] = _workspace.Root };
        foreach (var (member, value) in members)
        {
            payload[member] = value;
        }

        return payload;
    }

    private static void Await(Func<bool> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
        }
    }
}
