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

    [Theory]
    [InlineData("initialize", "{}", "protocolVersion must be a string")]
    [InlineData("initialize", """{"protocolVersion":"2025-11-25"}""", "capabilities must be an object")]
    [InlineData("initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c"}}""", "clientInfo must be an object with two strings")]
    [InlineData("initialize", """{"protocolVersion":"2025-11-25","capabilities":{"roots":1},"clientInfo":{"name":"c","version":"1"}}""", "capabilities.roots is not what")]
    [InlineData("logging/setLevel", """{"level":"zz"}""", "level must be one of debug, info,")]
    [InlineData("logging/setLevel", "{}", "level must be one of debug, info,")]
    [InlineData("tools/list", """{"cursor":5}""", "cursor must be a string")]
    [InlineData("resources/read", """{"uri":"savepoint:\ud83d"}""", "'uri' is no Unicode text")]
    public void Parameters_of_another_shape_are_told_what_is_expected(string method, string parameters, string said)
    {
        using var server = new McpProcess(_workspace);
        if (method != "initialize")
        {
            server.Initialize();
        }

        server.SendLine($$"""{"jsonrpc":"2.0","id":77,"method":"{{method}}","params":{{parameters}}}""");
        var error = server.Await(message => (int?)message["id"] == 77)["error"]!;

        Assert.Equal(-32602, (int)error["code"]!);
        Assert.Contains(said, (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Half_an_emoji_in_an_argument_is_answered_as_a_bad_argument(bool isStateless)
    {
        using var server = new McpProcess(_workspace);
        server.Initialize();
        var meta = isStateless ? $$""","_meta":{{McpProcess.Stateless().ToJsonString()}}""" : "";

        server.SendLine($$$"""{"jsonrpc":"2.0","id":"half","method":"tools/call","params":{"name":"checkpoint","arguments":{"name":"a\ud83d"}{{{meta}}} } }""");
        var result = server.Await(message => (string?)message["id"] == "half")["result"]!.AsObject();

        Assert.True((bool?)result["isError"]);
        Assert.Contains("'name' is no Unicode text", McpProcess.Text(result), StringComparison.Ordinal);
        Assert.Equal("invalid-argument", McpProcess.Structured(result).GetProperty("error").GetString());
        Assert.Equal(isStateless ? "complete" : null, (string?)result["resultType"]);
        Assert.Equal("a\\ud83d \ud83d\ude00", server.Call("checkpoint", new JsonObject { ["name"] = "a\\ud83d \ud83d\ude00" }).GetProperty("name").GetString());
    }

    [Fact]
    public void Requests_that_were_read_are_answered_though_the_input_has_ended()
    {
        const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";
        const string Undo = """{"jsonrpc":"2.0","id":"u","method":"tools/call","params":{"name":"undo","arguments":{}}}""";

        var result = _workspace.Shell($"printf '%s\\n%s' '{Initialize}' '{Undo}' | savepoint mcp").Expect(0);

        Assert.Equal("", result.Error);
        Assert.Equal(["1", "u"], result.JsonLines.Select(line => line.GetProperty("id").ToString()));
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

    /// <summary>Clients ask their users, or not, by these: reads, destroys, may be repeated, reaches beyond the workspace.</summary>
    [Fact]
    public void Each_tools_hints_say_what_it_may_do()
    {
        using var server = new McpProcess(_workspace, "--edit-tools");
        server.Initialize();

        var hints = server.Request("tools/list")["result"]!["tools"]!.AsArray().ToDictionary(
            tool => (string)tool!["name"]!,
            tool => string.Concat(((string[])["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]).Select(hint => (bool)tool!["annotations"]![hint]! ? 'y' : 'n')));

        var expected = new Dictionary<string, string>
        {
            ["history"] = "ynyn",
            ["show"] = "ynyn",
            ["diff"] = "ynyn",
            ["blame"] = "ynyn",
            ["experiments"] = "ynyn",
            ["undo"] = "nynn",
            ["redo"] = "nynn",
            ["rollback"] = "nynn",
            ["revert"] = "nynn",
            ["merge"] = "nynn",
            ["checkpoint"] = "nnnn",
            ["check"] = "nyny", // runs commands, and a policy may roll back
            ["try"] = "nyny",
            ["bisect"] = "nnny", // its command runs in copies
        };
        Assert.All(expected, tool => Assert.Equal(tool.Value, hints[tool.Key]));
        Assert.All(hints.Where(tool => !expected.ContainsKey(tool.Key)), tool => Assert.Equal("nynn", tool.Value)); // the editing tools
    }

    [Theory]
    [InlineData("tools/call", """{"name":"history","arguments":[]}""", -32602, "arguments must be an object")]
    [InlineData("tools/call", """{"name":"history","arguments":"x"}""", -32602, "arguments must be an object")]
    [InlineData("tools/call", """{"arguments":{}}""", -32602, "name must be a string")]
    [InlineData("tools/call", """{"name":7}""", -32602, "name must be a string")]
    [InlineData("tools/call", """{"name":"show","arguments":{"a":1,"a":2}}""", -32602, "twice")]
    [InlineData("tools/call", "[]", -32602, "must be an object")]
    [InlineData("tools/list", """{"_meta":7}""", -32602, "_meta must be an object")]
    [InlineData("resources/read", "{}", -32602, "uri must be a string")]
    [InlineData("resources/read", """{"uri":7}""", -32602, "uri must be a string")]
    [InlineData("subscriptions/listen", "{}", -32601, "subscriptions/listen")]
    [InlineData("prompts/list", "{}", -32601, "prompts/list")]
    [InlineData("resources/subscribe", """{"uri":"savepoint://history"}""", -32601, "resources/subscribe")]
    public void What_a_request_lacks_is_said_and_the_next_is_answered(string method, string parameters, int code, string says)
    {
        using var server = new McpProcess(_workspace);
        server.Initialize();

        server.SendLine($$"""{"jsonrpc":"2.0","id":"odd","method":"{{method}}","params":{{parameters}}}""");
        var error = server.Await(message => (message["id"] as JsonValue)?.ToString() == "odd")["error"]!;

        Assert.Equal(code, (int)error["code"]!);
        Assert.Contains(says, (string)error["message"]!, StringComparison.Ordinal);
        Assert.Equal(2, server.Call("history").GetProperty("head").GetInt64());
    }

    [Fact]
    public void Calls_that_write_run_in_the_order_in_which_they_were_sent()
    {
        const int Count = 12;
        using var server = new McpProcess(_workspace, "--edit-tools");
        server.Initialize();

        for (var i = 1; i <= Count; i++)
        {
            server.Begin("tools/call", new JsonObject { ["name"] = "checkpoint", ["arguments"] = new JsonObject { ["name"] = $"c{i}" } });
            server.Begin("tools/call", new JsonObject { ["name"] = "history", ["arguments"] = new JsonObject() });
            server.Begin("tools/call", new JsonObject { ["name"] = "apply_whole_file_edit", ["arguments"] = new JsonObject { ["path"] = "counted", ["content"] = $"{i}\n" } });
        }

        var answered = new HashSet<int>();
        while (answered.Count < 3 * Count)
        {
            answered.Add((int)server.Await(message => message["id"] is not null)["id"]!);
        }

        Assert.Equal($"{Count}\n", _workspace.Read("counted"));
        var labels = _workspace.Json("labels").GetProperty("labels").EnumerateArray().ToDictionary(label => label.GetProperty("name").GetString()!, label => label.GetProperty("snapshot").GetInt64());
        Assert.Equal(Enumerable.Range(2, Count).Select(number => (long)number), Enumerable.Range(1, Count).Select(i => labels[$"c{i}"]));
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
            Assert.DoesNotContain("savepoint", (string)tool["name"]!, StringComparison.Ordinal); // clients put the server's name before it
            Assert.All(tool["inputSchema"]!["properties"]!.AsObject(), property => Assert.Contains((string)property.Value!["type"]!, (string[])["string", "integer", "boolean", "array"]));
        });
    }
}
