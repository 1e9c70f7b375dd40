using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>A hook never blocks or breaks its client.</summary>
public sealed class HookTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public HookTests() => _workspace.GiveHooksTime();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("hook claude-code", "")]
    [InlineData("hook claude-code", "{")]
    [InlineData("hook claude-code", "[]")]
    [InlineData("hook claude-code", "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":7,\"tool_input\":[]}")]
    [InlineData("hook claude-code", "{\"hook_event_name\":\"PreToolUse\",\"cwd\":\"/nowhere\",\"tool_name\":\"Write\",\"tool_input\":{\"file_path\":\"/nowhere/\\u0000x\"}}")]
    [InlineData("hook claude-code", "{\"hook_event_name\":\"NoSuchEvent\"}")]
    [InlineData("hook claude-code", "{\"hook_event_name\":\"PreToolUse\",\"session_id\":\"\\ud800\",\"tool_name\":\"Write\",\"tool_input\":{\"file_path\":\"\\udfff\"}}")]
    [InlineData("hook claude-code", "\ufeff{\"hook_event_name\":\"Stop\",\"session_id\":\"s\"}")]
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
    public void What_is_too_long_or_too_deep_or_cut_within_a_character_is_recorded_all_the_same()
    {
        _workspace.Json("init");
        var call = Event("PreToolUse", ("tool_name", "Bash"), ("tool_use_id", new string('x', 10_000)));
        call["tool_input"] = new JsonObject { ["command"] = $"echo {new string('é', 500)}", ["deep"] = Deep(500) };
        var text = call.ToJsonString().Replace("\"session_id\":\"s\"", "\"session_id\":\"s\",\"prompt\":\"\\ud83d\"", StringComparison.Ordinal);
        Hook("claude-code", text).Expect(0);
        _workspace.Write("a.txt", "a\n");

        var after = Hook("claude-code", text.Replace("PreToolUse", "PostToolUse", StringComparison.Ordinal)).Expect(0);

        Assert.Equal("", after.Error);
        var snapshot = _workspace.Json("show", "2");
        Assert.Equal(("s", "Bash", 200), (snapshot.GetProperty("session").GetString(), snapshot.GetProperty("tool").GetString(), snapshot.GetProperty("toolCall").GetString()!.Length));
        Assert.EndsWith("é…", snapshot.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_100_MB_is_not_read_and_what_stands_in_the_workspace_is_recorded()
    {
        _workspace.Json("init");
        _workspace.Write("a.txt", "a\n");

        var result = _workspace.Shell($"{{ printf '{{\"hook_event_name\":\"Stop\",\"x\":\"'; head -c 100000000 /dev/zero | tr '\\0' x; printf '\"}}'; }} | savepoint hook claude-code");

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("too long", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _workspace.Json("status").GetProperty("head").GetInt64());
    }

    /// <summary>What waits listens to the deadline, to nothing, or cannot be interrupted at all.</summary>
    [Fact]
    public async Task Whatever_holds_it_up_it_gives_up_by_itself_and_the_next_event_records_it()
    {
        _workspace.Json("init");
        _workspace.Write("a.txt", "a\n");
        var store = Directory.GetFiles(_workspace.StoreHome, "store.db", SearchOption.AllDirectories).Single();
        var stop = Event("Stop").ToJsonString();
        _workspace.Shell("echo '{\"hookDeadline\":\"1s\"}' > ~/.config/savepoint/config.json").Expect(0);
        using (var held = new FileStream(Path.Combine(Path.GetDirectoryName(store)!, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        using (var silent = Executable.Start(Executable.File, ["hook", "claude-code"], _workspace.Root, _workspace.Environment))
        {
            var locked = Task.Run(() => Hook("claude-code", stop), TestContext.Current.CancellationToken);
            await silent.WaitForExitAsync(TestContext.Current.CancellationToken); // its standard input is open, and nothing comes
            Assert.Equal((0, ""), (silent.ExitCode, await silent.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)));
            Assert.Contains("gave up", await silent.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Contains("gave up", (await locked).Expect(0).Error, StringComparison.Ordinal);
        }

        using (var writing = Sql.HoldForWriting(store))
        {
            Assert.Contains("gave up", Hook("claude-code", stop).Expect(0).Error, StringComparison.Ordinal);
        }

        Assert.Equal(1, _workspace.Json("log", "-n", "1").GetProperty("snapshot").GetInt64());
        _workspace.GiveHooksTime();
        Assert.Equal("", Hook("claude-code", stop).Expect(0).Error);
        Assert.Equal(2, _workspace.Json("log", "-n", "1").GetProperty("snapshot").GetInt64());
    }

    [Theory]
    [InlineData("SAVEPOINT_HOME", "/dev/null/stores")]
    [InlineData("SAVEPOINT_HOME", "/proc/none")]
    [InlineData("HOME", null)]
    public void Where_there_is_no_home_for_histories_nothing_breaks(string variable, string? value)
    {
        _workspace.Shell("git init -q").Expect(0);
        _workspace.Environment["SAVEPOINT_HOME"] = null;
        _workspace.Environment[variable] = value;

        var result = Hook("claude-code --user", Event("UserPromptSubmit", ("prompt", "hello")));

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
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
        Assert.False(Directory.Exists(_workspace.StoreHome));
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

    /// <summary>Nothing is begun: what is begun is waited for, and would be there when the hook has ended.</summary>
    [Theory]
    [InlineData("git init -q; mkdir -p ~/.config/savepoint; echo '{\"autoInit\":false,\"hookDeadline\":\"50s\"}' > ~/.config/savepoint/config.json", ".")]
    [InlineData("true", ".")] // no repository
    [InlineData("git init -q ~; mkdir ~/docs", "../home/docs")]
    public void Not_if_autoInit_is_off_and_neither_a_mere_directory_nor_the_home_directory(string prepare, string directory)
    {
        _workspace.Shell(prepare).Expect(0);
        _workspace.Write("src/a.txt", "a\n");

        Hook("codex --user", Event("UserPromptSubmit", ("prompt", "hello"), ("cwd", Path.GetFullPath(Path.Combine(_workspace.Root, directory))))).Expect(0);

        Assert.False(Directory.Exists(_workspace.StoreHome));
    }

    [Fact]
    public void A_workspaces_own_file_cannot_have_it_off()
    {
        _workspace.Shell("git init -q; echo '{\"autoInit\":false}' > savepoint.json").Expect(0);

        Hook("codex --user", Event("UserPromptSubmit", ("prompt", "hello"))).Expect(0);

        Await(() => _workspace.Run("status").ExitCode == 0);
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

    private CliResult Hook(string arguments, JsonObject payload) => Hook(arguments, payload.ToJsonString());

    private CliResult Hook(string arguments, string payload) =>
        Executable.Run(Executable.File, ["hook", .. arguments.Split(' ')], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(payload));

    private static JsonObject Deep(int depth) => depth == 0 ? [] : new JsonObject { ["x"] = Deep(depth - 1) };

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
