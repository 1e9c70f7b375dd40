using System.Text;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Mcp;

/// <summary>A call that a client's hooks announce and its MCP connection makes is one call, of whoever the hooks say.</summary>
public sealed class McpCallerTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public McpCallerTests()
    {
        _workspace.GiveHooksTime();
        _workspace.Write("a.txt", "one\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "two\n");
        _workspace.Capture();
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("claude-code", "claude-code", "mcp__savepoint__undo", """{"claudecode/toolUseId":"id-1"}""")]
    [InlineData("codex", "codex-mcp-client", "mcp__savepoint__undo", """{"callId":"id-1","threadId":"another"}""")]
    [InlineData("gemini", "gemini-cli-mcp-client", "mcp_savepoint_undo", """{"progressToken":"x"}""")]
    [InlineData("opencode", "opencode", "savepoint_undo", "{}")]
    public void What_a_sub_agents_call_records_is_the_sub_agents(string client, string clientName, string tool, string meta)
    {
        var call = new JsonObject
        {
            ["session_id"] = "s",
            ["cwd"] = _workspace.Root,
            ["prompt_id"] = "t",
            ["agent_id"] = "7",
            ["agent_type"] = "helper",
            ["tool_name"] = tool,
            ["tool_use_id"] = meta.Contains("id-1", StringComparison.Ordinal) ? "id-1" : null,
            ["tool_input"] = new JsonObject(),
        };
        using var server = new McpProcess(_workspace);
        server.Initialize(client: clientName);

        Hook(client, client == "gemini" ? "BeforeTool" : "PreToolUse", call);
        server.Call("undo", meta: JsonNode.Parse(meta)!.AsObject());
        Hook(client, client == "gemini" ? "AfterTool" : "PostToolUse", call);

        Assert.Equal($"{client}/helper:7 s t", Whose(3));
        server.Call("redo", meta: JsonNode.Parse(meta)!.AsObject());
        Assert.NotEqual(Whose(3), Whose(4)); // that one is over
    }

    [Fact]
    public void Of_two_calls_without_an_id_that_are_under_way_it_is_neithers()
    {
        foreach (var session in (string[])["s1", "s2"])
        {
            Hook("gemini", "BeforeTool", new JsonObject { ["session_id"] = session, ["cwd"] = _workspace.Root, ["tool_name"] = "mcp_savepoint_undo" });
        }

        using var server = new McpProcess(_workspace);
        server.Initialize(client: "gemini-cli-mcp-client");
        server.Call("undo");

        Assert.Equal("gemini  ", Whose(3));
    }

    private string Whose(long number)
    {
        var snapshot = _workspace.Json("show", $"{number}");
        return string.Join(' ', ((string[])["agent", "session", "turn"]).Select(name => snapshot.GetProperty(name).GetString()));
    }

    private void Hook(string client, string name, JsonObject payload)
    {
        payload["hook_event_name"] = name;
        Assert.Equal("", Executable.Run(Executable.File, ["hook", client], _workspace.Root, _workspace.Environment, Encoding.UTF8.GetBytes(payload.ToJsonString())).Expect(0).Error);
    }
}
