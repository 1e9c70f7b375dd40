using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>A tool writes through links; what a person had written there is in the history all the same, and the tool's doing is the tool's.</summary>
public sealed class HookLinkTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public HookLinkTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write("sub/dd/q", "first\n");
        _workspace.Write("sub/g", "first\n");
        _workspace.Write("f", "first\n");
        _workspace.Shell("ln -s sub/dd ldir; ln -s f lf; ln -s \"$PWD/sub/dd\" ../outside").Expect(0);
        _workspace.Json("init");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("Write", "ldir/q", "sub/dd/q")]
    [InlineData("Write", "lf", "f")]
    [InlineData("Write", "outside", "sub/dd/q")]
    [InlineData("Write", "ldir/../g", "sub/g")]
    [InlineData("apply_patch", "ldir/q", "sub/dd/q")]
    [InlineData("apply_patch", "lf", "f")]
    public void What_a_link_leads_to_is_recorded_before_and_after(string tool, string named, string written)
    {
        _workspace.Write(written, "a person's\n");
        Hook("PreToolUse", tool, named);
        _workspace.Write(written, "the agent's\n");
        Hook("PostToolUse", tool, named);

        var log = _workspace.Run("log", "--json").Expect(0).JsonLines;
        Assert.Equal(["operation", "drift", "baseline"], log.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal(("s", tool), (log[0].GetProperty("session").GetString(), log[0].GetProperty("tool").GetString()));
        Assert.Equal("a person's\n", _workspace.Run("cat", "2", written).Expect(0).Output);
        Assert.Equal("the agent's\n", _workspace.Run("cat", "3", written).Expect(0).Output);
    }

    private void Hook(string name, string tool, string path)
    {
        var call = new JsonObject
        {
            ["hook_event_name"] = name,
            ["session_id"] = "s",
            ["cwd"] = _workspace.Root,
            ["tool_name"] = tool,
            ["tool_use_id"] = "1",
            ["tool_input"] = tool == "Write"
                ? new JsonObject { ["file_path"] = path == "outside" ? Path.Combine(_workspace.Scratch, "outside/q") : Path.Combine(_workspace.Root, path) }
                : new JsonObject { ["command"] = $"*** Begin Patch\n*** Update File: {path}\n*** End Patch\n" },
        };
        var result = Executable.Run(Executable.File, ["hook", "claude-code"], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(call.ToJsonString()));
        Assert.Equal("", result.Expect(0).Error);
    }
}
