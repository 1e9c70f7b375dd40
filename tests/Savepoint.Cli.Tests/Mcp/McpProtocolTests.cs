using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Mcp;

/// <summary>The protocol: revisions, errors, resources, the ends of a server.</summary>
public sealed class McpProtocolTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public McpProtocolTests()
    {
        _workspace.Write("a.txt", "one\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "two\n");
        _workspace.Capture("--agent", "someone", "--session", "s1");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    [InlineData("2024-11-05")]
    public void An_older_revision_is_spoken_as_it_is_asked_for(string version)
    {
        using var server = new McpProcess(_workspace);

        Assert.Equal(version, (string?)server.Initialize(version)["result"]!["protocolVersion"]);
        Assert.Equal(2, server.Call("history").GetProperty("head").GetInt64());
    }

    [Fact]
    public void The_stateless_revision_needs_no_handshake_and_its_results_say_their_type()
    {
        using var server = new McpProcess(_workspace) { Meta = McpProcess.Stateless() };

        var discovered = server.Request("server/discover")["result"]!;

        Assert.Equal("2026-07-28", (string?)discovered["supportedVersions"]![0]);
        Assert.NotNull(discovered["capabilities"]!["tools"]);
        Assert.NotNull(discovered["ttlMs"]);
        Assert.NotNull(discovered["cacheScope"]);
        Assert.Equal("complete", (string?)discovered["resultType"]);
        Assert.Equal("complete", (string?)server.Request("tools/list")["result"]!["resultType"]);
        Assert.Equal("complete", (string?)server.CallRaw("undo", null, null)["resultType"]);
        Assert.Equal("one\n", _workspace.Read("a.txt"));
    }

    [Fact]
    public void Both_kinds_of_revision_are_answered_on_one_stream_in_any_order()
    {
        using var server = new McpProcess(_workspace);
        var stateless = new JsonObject { ["_meta"] = McpProcess.Stateless() };

        Assert.NotNull(server.Request("server/discover", stateless)["result"]);
        server.Initialize();
        Assert.NotNull(server.Request("tools/list")["result"]!["tools"]);
        Assert.Equal("complete", (string?)server.Request("tools/list", stateless)["result"]!["resultType"]);
        Assert.Null(server.Request("tools/list")["result"]!["resultType"]);
    }

    [Fact]
    public void An_unknown_revision_is_refused_with_those_there_are()
    {
        var meta = McpProcess.Stateless();
        meta["io.modelcontextprotocol/protocolVersion"] = "2099-01-01";
        using var server = new McpProcess(_workspace) { Meta = meta };

        var error = server.Request("tools/list")["error"]!;

        Assert.Equal(-32022, (int)error["code"]!);
        Assert.Equal("2026-07-28", (string?)error["data"]!["supported"]![0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_unknown_method_is_an_error_of_its_own(bool isStateless)
    {
        using var server = new McpProcess(_workspace) { Meta = isStateless ? McpProcess.Stateless() : null };

        Assert.Equal(-32601, (int)server.Request("no/such")["error"]!["code"]!);
        var error = server.Request("tools/call", new JsonObject { ["name"] = "nosuch" })["error"]!;
        Assert.Equal(-32602, (int)error["code"]!);
        Assert.Contains("history", (string)error["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_message_is_said_to_be_none_and_the_next_is_answered()
    {
        using var server = new McpProcess(_workspace);

        server.SendLine("no json");
        Assert.Equal(-32700, (int)server.Await(message => message["error"] is not null)["error"]!["code"]!);
        server.SendLine("[1]");
        Assert.Equal(-32600, (int)server.Await(message => message["error"] is not null)["error"]!["code"]!);
        server.SendLine("");
        Assert.NotNull(server.Request("ping")["result"]);
    }

    [Fact]
    public void Requests_that_were_read_are_answered_though_the_input_has_ended()
    {
        const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";
        const string Undo = """{"jsonrpc":"2.0","id":"u","method":"tools/call","params":{"name":"undo","arguments":{}}}""";

        var result = _workspace.Shell($"printf '%s\\n%s' '{Initialize}' '{Undo}' | savepoint mcp").Expect(0);

        Assert.Equal("", result.Error);
        Assert.Equal(["1", "u"], result.JsonLines.Select(line => line.GetProperty("id").ToString()).Order());
        Assert.Equal("one\n", _workspace.Read("a.txt"));
    }

    [Fact]
    public void A_signal_ends_it_as_the_end_of_its_input_does()
    {
        using var server = new McpProcess(_workspace);
        server.Initialize();

        _workspace.Shell($"kill -TERM {server.Id}").Expect(0);

        Assert.Equal((0, "", ""), server.AwaitEnd());
    }

    [Fact]
    public void The_history_and_each_diff_are_resources()
    {
        using var server = new McpProcess(_workspace);
        server.Initialize();

        Assert.Equal("savepoint://history", (string?)server.Request("resources/list")["result"]!["resources"]![0]!["uri"]);
        Assert.Equal("savepoint://snapshot/{number}/diff", (string?)server.Request("resources/templates/list")["result"]!["resourceTemplates"]![0]!["uriTemplate"]);
        Assert.Contains("\"agent\":\"someone\"", Read("savepoint://history"), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_workspace.Scratch, "patch"), Read("savepoint://snapshot/2/diff"));
        _workspace.Shell("git apply -R ../patch && grep -qx one a.txt").Expect(0);
        foreach (var uri in (string[])["savepoint://snapshot/99/diff", "savepoint://snapshot/x/diff", "savepoint://snapshot//diff", "file:///etc/passwd", "savepoint://history/"])
        {
            var error = server.Request("resources/read", new JsonObject { ["uri"] = uri })["error"]!;
            Assert.Equal(-32002, (int)error["code"]!);
            Assert.Contains("savepoint://history", (string)error["message"]!, StringComparison.Ordinal);
        }

        string Read(string uri) => (string)server.Request("resources/read", new JsonObject { ["uri"] = uri })["result"]!["contents"]![0]!["text"]!;
    }

    [Fact]
    public void All_tools_together_cost_a_model_little()
    {
        using var server = new McpProcess(_workspace, "--edit-tools");
        server.Initialize();

        var tools = server.Request("tools/list")["result"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(tools) / 3.5, 500, 3_500); // tokens, counted high
    }

    [Fact]
    public void Each_tool_has_a_strict_schema_and_every_hint()
    {
        using var server = new McpProcess(_workspace, "--edit-tools");
        server.Initialize();

        var tools = server.Request("tools/list")["result"]!["tools"]!.AsArray();

        Assert.NotEmpty(tools);
        Assert.All(tools, tool =>
        {
            Assert.False((bool?)tool!["inputSchema"]!["additionalProperties"]);
            Assert.All((string[])["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"], hint => Assert.NotNull(tool["annotations"]![hint]));
            Assert.False((bool?)tool["annotations"]!["openWorldHint"]);
            Assert.DoesNotContain("savepoint", (string)tool["name"]!, StringComparison.Ordinal); // clients put the server's name before it
            Assert.All(tool["inputSchema"]!["properties"]!.AsObject(), property => Assert.Contains((string)property.Value!["type"]!, (string[])["string", "integer", "boolean", "array"]));
        });
    }
}
