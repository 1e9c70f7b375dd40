using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>An edit tool may name a file of another workspace than the one its agent works in: what stood there is recorded in that one's history, and so is the edit.</summary>
public sealed class OtherWorkspaceTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public OtherWorkspaceTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write("a.txt", "first\n");
        _workspace.Json("init");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_branchs_copy() => EditRecorded(_workspace.Json("branch", "create", "other").GetProperty("directory").GetString()!);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_project(bool isFromWorkspace) => EditRecorded(OtherProject(), isFromWorkspace ? _workspace.Root : _workspace.Scratch);

    [Fact]
    public void Another_project_that_a_link_leads_to()
    {
        Directory.CreateSymbolicLink(_workspace.At("link"), OtherProject());
        _workspace.Run("capture").Expect(0);

        EditRecorded(_workspace.At("link"));
    }

    [Fact]
    public void An_ignored_file_of_another_project_that_a_link_leads_to()
    {
        var other = OtherProject();
        File.WriteAllText(Path.Combine(other, ".gitignore"), ".env\n");
        File.WriteAllText(Path.Combine(other, ".env"), "a person's\n");
        Executable.Run(Executable.File, ["capture"], other, _workspace.Environment).Expect(0);
        File.CreateSymbolicLink(_workspace.At("link"), Path.Combine(other, ".env"));
        Hook("PreToolUse", _workspace.Root, _workspace.At("link"));
        File.WriteAllText(Path.Combine(other, ".env"), "the agent's\n");
        Hook("PostToolUse", _workspace.Root, _workspace.At("link"));

        Executable.Run(Executable.File, ["undo", "--session", "s"], other, _workspace.Environment).Expect(0);

        Assert.Equal("a person's\n", File.ReadAllText(Path.Combine(other, ".env")));
    }

    private string OtherProject()
    {
        var other = Directory.CreateDirectory(Path.Combine(_workspace.Scratch, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "a.txt"), "first\n");
        Executable.Run(Executable.File, ["init"], other, _workspace.Environment).Expect(0);
        return other;
    }

    /// <summary>A person, then an agent, edits a.txt of another workspace, which the history of that one has to tell.</summary>
    private void EditRecorded(string other, string? from = null)
    {
        var (file, directory) = (Path.Combine(other, "a.txt"), from ?? _workspace.Root);
        File.WriteAllText(file, "a person's\n");
        Hook("PreToolUse", directory, file);
        File.WriteAllText(file, "the agent's\n");
        Hook("PostToolUse", directory, file);

        var log = Executable.Run(Executable.File, ["log", "--json"], other, _workspace.Environment).Expect(0).JsonLines;
        Assert.Equal(["operation", "drift", "baseline"], log.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal(("s", "Write"), (log[0].GetProperty("session").GetString(), log[0].GetProperty("tool").GetString()));
        var before = log[1].GetProperty("snapshot").GetInt64();
        Assert.Equal("a person's\n", Executable.Run(Executable.File, ["cat", $"{before}", "a.txt"], other, _workspace.Environment).Expect(0).Output);
    }

    private void Hook(string name, string directory, string file)
    {
        var call = new JsonObject
        {
            ["hook_event_name"] = name,
            ["session_id"] = "s",
            ["cwd"] = directory,
            ["tool_name"] = "Write",
            ["tool_use_id"] = "1",
            ["tool_input"] = new JsonObject { ["file_path"] = file },
        };
        Assert.Equal("", Executable.Run(Executable.File, ["hook", "claude-code"], directory, _workspace.Environment, Encoding.UTF8.GetBytes(call.ToJsonString())).Expect(0).Error);
    }
}
