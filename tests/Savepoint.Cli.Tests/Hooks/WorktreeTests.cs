using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>A directory that Claude Code asks for to work apart in is the working copy of a branch.</summary>
public sealed class WorktreeTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public WorktreeTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write("a.txt", "a\n");
        _workspace.Write(".gitignore", "node_modules\n");
        _workspace.Write("node_modules/lib.js", "lib\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void What_is_done_there_is_the_branchs_and_the_workspace_stays_as_it_is()
    {
        _workspace.Json("init");
        _workspace.Write("a.txt", "unrecorded\n");
        var copy = Create("bold-oak").TrimEnd('\n');
        Assert.Equal(("unrecorded\n", "lib\n"), (File.ReadAllText(Path.Combine(copy, "a.txt")), File.ReadAllText(Path.Combine(copy, "node_modules", "lib.js"))));

        // The client works there; the project's directory stays what it was.
        Hook("UserPromptSubmit", copy, ("prompt", "try it"), ("prompt_id", "t"));
        Hook("PreToolUse", copy, ("tool_name", "Bash"), ("tool_use_id", "1"), ("agent_id", "7"));
        File.WriteAllText(Path.Combine(copy, "a.txt"), "tried\n");
        Hook("PostToolUse", copy, ("tool_name", "Bash"), ("tool_use_id", "1"), ("agent_id", "7"));

        var snapshot = _workspace.Json("show", "bold-oak");
        Assert.Equal(("bold-oak", "claude-code/agent:7", "t"), (snapshot.GetProperty("branch").GetString(), snapshot.GetProperty("agent").GetString(), snapshot.GetProperty("turn").GetString()));
        Assert.Equal("unrecorded\n", _workspace.Read("a.txt"));
        _workspace.Run("merge", "bold-oak").Expect(0);
        Assert.Equal("tried\n", _workspace.Read("a.txt"));

        Hook("WorktreeRemove", _workspace.Root, ("worktree_path", copy));
        Assert.False(Directory.Exists(copy));
        Assert.Single(_workspace.Json("branch").GetProperty("branches").EnumerateArray());
        Assert.Equal("tried\n", _workspace.Run("cat", "bold-oak", "a.txt").Expect(0).Output);
    }

    [Fact]
    public void Each_gets_a_name_that_is_free_and_allowed()
    {
        _workspace.Json("init");
        _workspace.Run("checkpoint", "taken").Expect(0);

        foreach (var (wanted, given) in new[] { ("taken", "taken-2"), ("feature/x y", "feature-x-y"), ("42", "worktree-42"), ("main", "main-2"), ("../..", "worktree"), ("feature/x y", "feature-x-y-2") })
        {
            var copy = Create(wanted).TrimEnd('\n');
            Assert.Equal(given, Executable.Run(Executable.File, ["status", "--json"], copy, _workspace.Environment).Expect(0).Json.GetProperty("branch").GetString());
        }
    }

    [Fact]
    public void Where_nothing_is_tracked_it_is_the_worktree_that_the_client_would_have_made()
    {
        _workspace.Shell("git init -q && git add . && git -c user.name=n -c user.email=e commit -qm x").Expect(0);

        var worktree = Create("bold-oak").TrimEnd('\n');

        Assert.Equal(_workspace.At(".claude/worktrees/bold-oak"), worktree);
        Assert.Equal("worktree-bold-oak\n", Executable.Run("git", ["branch", "--show-current"], worktree, _workspace.Environment).Expect(0).Output);
        Assert.False(Directory.Exists(_workspace.StoreHome));
        Hook("WorktreeRemove", _workspace.Root, ("worktree_path", worktree));
        Assert.False(Directory.Exists(worktree));
    }

    [Fact]
    public void Where_there_is_no_repository_either_it_is_a_word_on_standard_error()
    {
        var result = Run("WorktreeCreate", _workspace.Root, ("name", "bold-oak"));

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("no git repository", result.Error, StringComparison.Ordinal);
    }

    private string Create(string name)
    {
        var result = Run("WorktreeCreate", _workspace.Root, ("name", name)).Expect(0);
        Assert.Equal("", result.Error);
        return result.Output;
    }

    private void Hook(string name, string directory, params (string Name, string Value)[] members) => Assert.Equal("", Run(name, directory, members).Expect(0).Error);

    private CliResult Run(string name, string directory, params (string Name, string Value)[] members)
    {
        var payload = new JsonObject { ["hook_event_name"] = name, ["session_id"] = "s", ["transcript_path"] = "/nowhere", ["cwd"] = directory };
        foreach (var (member, value) in members)
        {
            payload[member] = value;
        }

        var environment = new Dictionary<string, string?>(_workspace.Environment) { ["CLAUDE_PROJECT_DIR"] = _workspace.Root };
        return Executable.Run(Executable.File, ["hook", "claude-code"], directory, environment, Encoding.UTF8.GetBytes(payload.ToJsonString()));
    }
}
