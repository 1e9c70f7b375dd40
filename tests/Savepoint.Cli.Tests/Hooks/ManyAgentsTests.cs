using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>
/// Three agents at once on one workspace, each telling of its work through its own client's hooks: edits of one file that all
/// three share, files of their own, and shell commands that overlap. Each is then undone by itself.
/// </summary>
public sealed class ManyAgentsTests : IDisposable
{
    private const int Rounds = 3;
    private static readonly string[] Clients = ["claude-code", "codex", "gemini"];

    private readonly CliWorkspace _workspace = new();

    public ManyAgentsTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write("shared", string.Concat(Clients.Select(client => $"{client}: 0\nnobody's\n")));
        _workspace.Json("init");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("claude-code codex gemini")]
    [InlineData("gemini claude-code codex")]
    public async Task Each_is_undone_by_itself_and_the_others_work_stands_byte_for_byte(string order)
    {
        // Only an edit of the shared file is one at a time: a tool reads a file, changes it and writes it, and two that do so at once overwrite each other.
        using var turn = new SemaphoreSlim(1);
        await Task.WhenAll(Clients.Select(client => Task.Run(() => Work(client, turn), TestContext.Current.CancellationToken)));
        var left = Clients.ToHashSet();
        Assert.Equal(Expected(left), Tree());

        foreach (var client in order.Split(' '))
        {
            var undone = 0;
            while (_workspace.Json("undo", "--agent", client).GetProperty("ending").GetString() == "restored")
            {
                Assert.InRange(++undone, 1, 3 * Rounds);
            }

            left.Remove(client);
            Assert.Equal(Expected(left), Tree());
        }

        Assert.Empty(_workspace.Json("verify", "--deep").GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public void What_changes_while_shells_of_two_agents_overlap_is_nobodys_and_names_both()
    {
        Hook("claude-code", "PreToolUse", Shell("claude-code", "make"));
        Hook("codex", "PreToolUse", Shell("codex", "npm install"));
        _workspace.Write("whose", "?");
        Hook("codex", "PostToolUse", Shell("codex", "npm install"));
        Hook("claude-code", "PostToolUse", Shell("claude-code", "make"));

        var snapshot = _workspace.Run("log", "--json", "-n", "1").Expect(0).JsonLines[0];
        Assert.Null(snapshot.GetProperty("agent").GetString());
        var message = snapshot.GetProperty("message").GetString();
        Assert.Contains("several worked here", message, StringComparison.Ordinal);
        Assert.All((string[])["claude-code/", "codex/"], name => Assert.Contains(name, message, StringComparison.Ordinal));
        Assert.Equal("nothing-to-do", _workspace.Json("undo", "--agent", "codex").GetProperty("ending").GetString());
        Assert.Equal("?", _workspace.Read("whose"));
    }

    [Fact]
    public void Where_two_agents_change_the_same_lines_that_is_said_and_neither_loses_a_line()
    {
        Edit("claude-code", "1\n", "claude\n");
        Edit("codex", "1\n", "codex\n");
        var before = Tree();

        var work = _workspace.Run("undo", "--agent", "claude-code", "--json").Expect(3);
        var conflict = Assert.Single(work.Json.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(("overlap", false), (conflict.GetProperty("path").GetString(), work.Json.GetProperty("written").GetBoolean()));
        Assert.Equal([3], conflict.GetProperty("others").EnumerateArray().Select(other => other.GetInt64()));
        Assert.Contains("codex", _workspace.Run("undo", "--agent", "claude-code").Expect(3).Output, StringComparison.Ordinal);
        Assert.Equal(before, Tree());

        _workspace.Run("undo", "--agent", "codex").Expect(0);
        _workspace.Run("undo", "--agent", "claude-code").Expect(0);
        Assert.False(File.Exists(_workspace.At("overlap")));

        void Edit(string client, string old, string changed) => Call(client, "overlap", () => _workspace.Write("overlap", File.Exists(_workspace.At("overlap")) ? _workspace.Read("overlap").Replace(old, changed, StringComparison.Ordinal) : old));
    }

    /// <summary>In each round: an edit of one's line of the shared file, a new file, and a command that says which file it writes.</summary>
    private void Work(string client, SemaphoreSlim turn)
    {
        Hook(client, client == "gemini" ? "BeforeAgent" : "UserPromptSubmit", Payload(client, null, null));
        for (var round = 1; round <= Rounds; round++)
        {
            turn.Wait();
            try
            {
                Call(client, "shared", () => _workspace.Write("shared", _workspace.Read("shared").Replace($"{client}: {round - 1}", $"{client}: {round}", StringComparison.Ordinal)));
            }
            finally
            {
                turn.Release();
            }

            var own = $"{client}/{round}";
            Call(client, own, () => _workspace.Write(own, $"{round}\n"));
            Call(client, own, () => _workspace.Shell($"seq {round} >> {own}").Expect(0));
        }
    }

    private void Call(string client, string file, Action act)
    {
        var payload = Edit(client, file);
        Hook(client, client == "gemini" ? "BeforeTool" : "PreToolUse", payload);
        act();
        Hook(client, client == "gemini" ? "AfterTool" : "PostToolUse", payload);
    }

    private JsonObject Edit(string client, string file) => client switch
    {
        "codex" => Payload(client, "apply_patch", new JsonObject { ["command"] = $"*** Begin Patch\n*** Update File: {file}\n*** End Patch\n" }),
        "gemini" => Payload(client, "write_file", new JsonObject { ["file_path"] = _workspace.At(file) }),
        _ => Payload(client, "Edit", new JsonObject { ["file_path"] = _workspace.At(file) }),
    };

    private JsonObject Shell(string client, string command) => Payload(client, "Bash", new JsonObject { ["command"] = command });

    private JsonObject Payload(string client, string? tool, JsonObject? input) => new()
    {
        ["session_id"] = $"{client}-session",
        ["cwd"] = _workspace.Root,
        ["prompt"] = tool is null ? "do it" : null,
        ["tool_name"] = tool,
        ["tool_input"] = input,
        ["tool_use_id"] = client == "gemini" ? null : $"{tool}-{input}",
    };

    private void Hook(string client, string name, JsonObject payload)
    {
        var told = JsonNode.Parse(payload.ToJsonString())!.AsObject();
        told["hook_event_name"] = name;
        var result = Executable.Run(Executable.File, ["hook", client], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(told.ToJsonString()));
        result.Expect(0);
        Assert.Equal("", result.Error);
    }

    private Dictionary<string, string> Tree() =>
        Directory.EnumerateFiles(_workspace.Root, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(_workspace.Root, file), File.ReadAllText);

    private static Dictionary<string, string> Expected(HashSet<string> left)
    {
        var tree = new Dictionary<string, string> { ["shared"] = string.Concat(Clients.Select(client => $"{client}: {(left.Contains(client) ? Rounds : 0)}\nnobody's\n")) };
        foreach (var (client, round) in left.SelectMany(client => Enumerable.Range(1, Rounds).Select(round => (client, round))))
        {
            tree[$"{client}/{round}"] = $"{round}\n{string.Concat(Enumerable.Range(1, round).Select(i => $"{i}\n"))}";
        }

        return tree;
    }
}
