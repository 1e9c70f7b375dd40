using System.Text.Json;

namespace Savepoint.Cli.Tests.Clients;

/// <summary><c>install</c> and <c>uninstall</c> on clients' own files.</summary>
public sealed class ClientInstallTests : IDisposable
{
    private static readonly string[] Clients = ["claude-code", "codex", "gemini", "opencode"];

    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    public static TheoryData<string, string> ClientsAndScopes() =>
        [.. Clients.SelectMany(client => (string[])["--project", "--user"], (client, scope) => (client, scope))];

    [Theory]
    [MemberData(nameof(ClientsAndScopes))]
    public void Where_nothing_was_nothing_is_left(string client, string scope)
    {
        var before = Everything();

        var installed = _workspace.Json("install", client, scope);
        Assert.NotEqual(before, Everything());
        var uninstalled = _workspace.Json("uninstall", client, scope);

        Assert.Equal(before, Everything());
        JsonSchema.Check("install", installed);
        JsonSchema.Check("uninstall", uninstalled);
        Assert.All(installed.GetProperty("files").EnumerateArray(), file => Assert.Equal("create", file.GetProperty("action").GetString()));
        Assert.All(uninstalled.GetProperty("files").EnumerateArray(), file => Assert.Equal("delete", file.GetProperty("action").GetString()));
    }

    [Theory]
    [MemberData(nameof(ClientsAndScopes))]
    public void Again_it_does_nothing(string client, string scope)
    {
        _workspace.Run("install", client, scope).Expect(0);
        var before = Everything();

        var again = _workspace.Json("install", client, scope);

        Assert.Equal(before, Everything());
        Assert.False(again.GetProperty("changed").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(ClientsAndScopes))]
    public void A_dry_run_writes_nothing_and_shows_a_patch_that_git_applies(string client, string scope)
    {
        _workspace.Write(".claude/settings.json", "{\n\t\"model\": \"opus\"\n}");
        var before = Everything();

        var planned = _workspace.Json("install", client, scope, "--dry-run");
        Assert.Equal(before, Everything());
        var patch = string.Concat(planned.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("patch").GetString()));
        _workspace.Shell($"cd / && git apply --unsafe-paths -", System.Text.Encoding.UTF8.GetBytes(patch)).Expect(0);

        Assert.False(_workspace.Json("install", client, scope).GetProperty("changed").GetBoolean());
    }

    [Fact]
    public void Hooks_of_others_and_comments_stay_and_all_comes_back_to_the_byte()
    {
        const string Settings = "\uFEFF{\r\n    // mine\r\n    \"hooks\": {\r\n        \"PreToolUse\": [\r\n            { \"matcher\": \"Bash\", \"hooks\": [ { \"type\": \"command\", \"command\": \"mine\" } ] }, // guard\r\n        ],\r\n        \"Stop\": []\r\n    },\r\n    \"model\": \"opus\" /* big */\r\n}";
        _workspace.Write(".claude/settings.json", Settings);

        _workspace.Run("install", "claude-code").Expect(0);
        var installed = _workspace.Read(".claude/settings.json");
        _workspace.Run("uninstall", "claude-code").Expect(0);

        Assert.Equal(10, installed.Split("savepoint hook claude-code").Length - 1);
        Assert.DoesNotContain("\n", installed.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(Settings, _workspace.Shell("cat .claude/settings.json").Output);
    }

    [Fact]
    public void Claude_Codes_worktrees_are_asked_of_us_and_may_take_their_time()
    {
        _workspace.Run("install", "claude-code").Expect(0);

        var hooks = JsonDocument.Parse(_workspace.Read(".claude/settings.json")).RootElement.GetProperty("hooks");

        foreach (var (name, timeout) in new[] { ("WorktreeCreate", 600), ("WorktreeRemove", 600), ("PreToolUse", 10) })
        {
            var hook = hooks.GetProperty(name)[0].GetProperty("hooks")[0];
            Assert.Equal(("savepoint hook claude-code", timeout), (hook.GetProperty("command").GetString(), hook.GetProperty("timeout").GetInt32()));
        }
    }

    [Fact]
    public void What_another_copy_of_us_wrote_is_replaced_not_doubled()
    {
        _workspace.Write(".gemini/settings.json", """
            {"hooks": {"BeforeTool": [{"matcher": "x", "hooks": [{"command": "'/old place/savepoint' hook gemini"}, {"command": "other"}]}], "Gone": [{"hooks": [{"command": "savepoint hook gemini --user"}]}]},
             "mcpServers": {"savepoint": {"command": "/old/savepoint", "args": ["mcp"]}}}
            """);

        _workspace.Run("install", "gemini").Expect(0);

        var settings = JsonDocument.Parse(_workspace.Read(".gemini/settings.json")).RootElement;
        Assert.False(settings.GetProperty("hooks").TryGetProperty("Gone", out _));
        Assert.DoesNotContain("old", settings.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["other", "savepoint hook gemini"], settings.GetProperty("hooks").GetProperty("BeforeTool").EnumerateArray().SelectMany(group => group.GetProperty("hooks").EnumerateArray()).Select(hook => hook.GetProperty("command").GetString()!));
        Assert.Equal("savepoint", settings.GetProperty("mcpServers").GetProperty("savepoint").GetProperty("command").GetString());
    }

    [Fact]
    public void A_link_is_written_through_and_the_mode_stays()
    {
        _workspace.Shell("mkdir -p ~/dotfiles ~/.claude && echo '{}' > ~/dotfiles/settings.json && chmod 600 ~/dotfiles/settings.json && ln -s ../dotfiles/settings.json ~/.claude/settings.json").Expect(0);

        _workspace.Run("install", "claude-code", "--user").Expect(0);

        Assert.Equal("../dotfiles/settings.json 600 10\n", _workspace.Shell("echo $(readlink ~/.claude/settings.json) $(stat -c %a ~/dotfiles/settings.json) $(grep -c 'savepoint hook claude-code --user' ~/dotfiles/settings.json)").Output);
        _workspace.Run("uninstall", "claude-code", "--user").Expect(0);
        Assert.Equal("{}\n", _workspace.Shell("cat ~/dotfiles/settings.json").Output);
    }

    [Theory]
    [InlineData("claude-code", ".claude/settings.json", "{ \"hooks\": ", "see line 1")]
    [InlineData("claude-code", ".mcp.json", "{\"mcpServers\":{\"savepoint\":{\"command\":\"mine\"}}}", "not ours")]
    [InlineData("codex", ".codex/config.toml", "model = \"open\n", "line 1: a string does not end")]
    [InlineData("opencode", ".opencode/plugins/savepoint.js", "// mine\n", "another plug-in")]
    public void A_file_that_cannot_be_understood_stops_all_of_it(string client, string file, string text, string reason)
    {
        _workspace.Write(file, text);
        var before = Everything();

        var result = _workspace.Run("install", client);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(_workspace.At(file), result.Error, StringComparison.Ordinal);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public void If_one_file_cannot_be_written_none_is()
    {
        _workspace.Write(".codex/hooks.json", "{}\n");
        _workspace.Shell("ln -s /proc/nowhere/config.toml .codex/config.toml").Expect(0);

        var result = _workspace.Run("install", "codex");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("{}\n", _workspace.Read(".codex/hooks.json"));
        Assert.Equal("hooks.json config.toml\n", _workspace.Shell("echo $(ls -1rA .codex)").Output);
    }

    [Fact]
    public void Not_on_the_path_it_is_called_by_its_own()
    {
        _workspace.Environment["PATH"] = "/usr/bin:/bin";

        _workspace.Run("install", "codex").Expect(0);

        var hooks = JsonDocument.Parse(_workspace.Read(".codex/hooks.json")).RootElement;
        var command = hooks.GetProperty("hooks").GetProperty("Stop")[0].GetProperty("hooks")[0].GetProperty("command").GetString();
        Assert.Equal($"{Executable.File} hook codex", command!.Replace("'", "", StringComparison.Ordinal));
        Assert.Equal(0, _workspace.Shell($"{command} < /dev/null").ExitCode);
    }

    [Fact]
    public void What_a_client_has_rewritten_is_found_all_the_same()
    {
        _workspace.Write(".claude/settings.json", "{\"model\":\"opus\",\n  \"hooks\":{}}");
        _workspace.Run("install", "claude-code").Expect(0);
        var rewritten = System.Text.Json.Nodes.JsonNode.Parse(_workspace.Read(".claude/settings.json"))!;
        rewritten["permissions"] = System.Text.Json.Nodes.JsonNode.Parse("{\"allow\":[\"Bash\"]}");
        _workspace.Write(".claude/settings.json", rewritten.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

        _workspace.Run("uninstall", "claude-code").Expect(0);

        Assert.Equal("{\n  \"model\": \"opus\",\n  \"permissions\": {\n    \"allow\": [\n      \"Bash\"\n    ]\n  }\n}", _workspace.Read(".claude/settings.json"));
    }

    [Fact]
    public void On_another_machine_without_receipts_files_with_nothing_but_ours_go()
    {
        _workspace.Run("install", "claude-code").Expect(0);
        _workspace.Shell("rm -r \"$SAVEPOINT_HOME\"").Expect(0);

        _workspace.Run("uninstall", "claude-code").Expect(0);

        Assert.Equal(".claude\n", _workspace.Shell("ls -A; ls -A .claude").Output);
    }

    [Fact]
    public void Doctor_says_what_is_set_up_and_whether_what_it_calls_is_there()
    {
        Assert.Equal("note", Finding("agents").GetProperty("level").GetString());

        _workspace.Run("install", "codex").Expect(0);
        Assert.Equal("ok", Finding("codex").GetProperty("level").GetString());

        _workspace.Shell("sed -i s/Stop/Gone/ .codex/hooks.json").Expect(0);
        Assert.Equal("note", Finding("codex").GetProperty("level").GetString());

        _workspace.Shell("sed -i 's|savepoint hook|/nowhere/savepoint hook|' .codex/hooks.json").Expect(0);
        Assert.Equal("problem", Finding("codex").GetProperty("level").GetString());
        Assert.Contains("'savepoint install codex --project'", Finding("codex").GetProperty("remedy").GetString(), StringComparison.Ordinal);

        _workspace.Run("install", "codex").Expect(0);
        Assert.Equal("ok", Finding("codex").GetProperty("level").GetString());
    }

    [Fact]
    public void Doctor_says_where_a_client_is_set_up_twice()
    {
        _workspace.Run("install", "codex").Expect(0);
        Assert.DoesNotContain("two processes", _workspace.Run("doctor").Output, StringComparison.Ordinal);

        _workspace.Run("install", "codex", "--user").Expect(0);

        Assert.Contains("two processes", _workspace.Run("doctor").Output, StringComparison.Ordinal);
    }

    private JsonElement Finding(string check) =>
        _workspace.Run("doctor", "--json").Json.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("check").GetString() == check);

    [Theory]
    [InlineData("install nobody", 2)]
    [InlineData("install", 2)]
    [InlineData("install codex --user --project", 2)]
    [InlineData("uninstall codex", 0)]
    public void Exit_codes_are_as_promised(string command, int code) => Assert.Equal(code, _workspace.Run(command.Split(' ')).ExitCode);

    [Fact]
    public void The_home_directory_is_no_project()
    {
        Assert.Contains("--user", _workspace.RunIn(_workspace.Home, "install", "codex").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_a_workspaces_root_the_root_is_set_up()
    {
        _workspace.Write("src/a.txt", "a\n");
        _workspace.Run("init").Expect(0);

        var answer = _workspace.RunIn(_workspace.At("src"), "install", "gemini", "--json").Expect(0).Json;

        Assert.Equal(_workspace.At(".gemini/settings.json"), answer.GetProperty("files")[0].GetProperty("path").GetString());
    }

    /// <summary>Everything below the scratch directory but the receipts: names, modes, contents.</summary>
    private string Everything() =>
        _workspace.Shell("cd ..; find . -path ./stores -prune -o -printf '%p %M %l\\n' | sort; find . -path ./stores -prune -o -type f -print0 | sort -z | xargs -0 sha256sum").Expect(0).Output;
}
