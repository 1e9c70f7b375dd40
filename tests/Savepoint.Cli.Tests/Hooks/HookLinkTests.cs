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
        _workspace.Write(".gitignore", "ignored/\n");
        _workspace.Write("ignored/real", "first\n");
        _workspace.Shell("ln -s sub/dd ldir; ln -s f lf; ln -s lf lf2; ln -s \"$PWD/sub/dd\" ../outside; ln -s ignored/real lignored; ln -s sub/../ignored ldignored").Expect(0);
        _workspace.Json("init");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("Write", "ldir/q", "sub/dd/q")]
    [InlineData("Write", "lf", "f")]
    [InlineData("Write", "outside", "sub/dd/q")]
    [InlineData("Write", "ldir/../g", "sub/g")]
    [InlineData("Write", "lf2", "f")] // a link to a link
    [InlineData("Write", "ignored/real", "ignored/real")]
    [InlineData("Write", "lignored", "ignored/real")] // no look at the whole tree sees what is ignored
    [InlineData("Write", "ldignored/real", "ignored/real")]
    [InlineData("apply_patch", "lignored", "ignored/real")]
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

    [Fact]
    public void What_an_agent_wrote_to_an_ignored_file_through_a_link_is_taken_back()
    {
        Hook("PreToolUse", "Write", "lignored");
        _workspace.Write("ignored/real", "the agent's\n");
        Hook("PostToolUse", "Write", "lignored");

        _workspace.Run("undo", "--session", "s").Expect(0);

        Assert.Equal("first\n", _workspace.Read("ignored/real"));
    }

    [Fact]
    public void What_a_tool_makes_where_a_link_leads_to_nothing_is_recorded()
    {
        _workspace.Shell("ln -s ignored/none dangling; savepoint capture -q").Expect(0);
        Hook("PreToolUse", "Write", "dangling");
        _workspace.Write("ignored/none", "the agent's\n");
        Hook("PostToolUse", "Write", "dangling");

        _workspace.Run("undo", "--session", "s").Expect(0);

        Assert.False(File.Exists(_workspace.At("ignored/none")));
    }

    /// <summary>A look at the whole tree would find the other change, too, and take it for the call's.</summary>
    [Theory]
    [InlineData("sub/../f")]
    [InlineData("none/../f")]
    [InlineData("./sub/dd/../../f")]
    [InlineData("lf")]
    public void Points_and_links_make_no_call_one_that_may_write_anything(string named)
    {
        Hook("PreToolUse", "Write", named);
        _workspace.Write("f", "the agent's\n");
        _workspace.Write("sub/g", "a person's\n");
        Hook("PostToolUse", "Write", named);

        Assert.Equal("f", Assert.Single(_workspace.Json("log", "-n", "1").GetProperty("changes").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public void Links_in_a_circle_break_nothing()
    {
        _workspace.Shell("ln -s circle2 circle; ln -s circle circle2; savepoint capture -q").Expect(0);
        Hook("PreToolUse", "Write", "circle/x");
        _workspace.Write("f", "the agent's\n");
        Hook("PostToolUse", "Write", "circle/x");

        Assert.Equal("s", _workspace.Json("log", "-n", "1").GetProperty("session").GetString());
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
