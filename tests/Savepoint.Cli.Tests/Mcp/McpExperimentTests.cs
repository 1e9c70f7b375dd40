using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Mcp;

/// <summary>The tools that try things: <c>try</c>, <c>experiments</c>, <c>bisect</c>.</summary>
public sealed class McpExperimentTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public McpExperimentTests()
    {
        _workspace.Write("value.txt", "5\n");
        _workspace.Run("init").Expect(0);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Approaches_are_ranked_and_the_best_merged_if_asked()
    {
        using var server = Server();
        var arguments = new JsonObject
        {
            ["approaches"] = new JsonArray("worse=echo 9 > value.txt", "better=echo 1 > value.txt", "failing=echo x > value.txt"),
            ["test"] = "grep -q '^[0-9]' value.txt",
            ["metrics"] = new JsonArray("value=cat value.txt"),
        };

        var answer = server.CallRaw("try", arguments.DeepClone().AsObject(), null);
        Assert.Contains("1  better", McpProcess.Text(answer), StringComparison.Ordinal);
        Assert.Contains("savepoint merge try-1/better", McpProcess.Text(answer), StringComparison.Ordinal);
        Assert.Equal("5\n", _workspace.Read("value.txt"));

        arguments["mergeBest"] = true;
        Assert.True(server.Call("try", arguments).GetProperty("merged").GetBoolean());
        Assert.Equal("1\n", _workspace.Read("value.txt"));
        server.Call("undo");
        Assert.Equal("5\n", _workspace.Read("value.txt"));
    }

    [Fact]
    public void What_was_tried_is_listed_and_shown_with_what_failed_commands_wrote()
    {
        using var server = Server();
        var none = server.Fail("try", new JsonObject { ["approaches"] = new JsonArray("one=echo 'no such thing'; exit 2") });
        Assert.Contains("its command ended with 2", none, StringComparison.Ordinal);

        Assert.Equal(1, server.Call("experiments").GetProperty("experiments").GetArrayLength());
        var shown = server.CallRaw("experiments", new JsonObject { ["id"] = 1 }, null);
        Assert.Contains("no such thing", McpProcess.Text(shown), StringComparison.Ordinal);
        server.Fail("experiments", new JsonObject { ["id"] = 9 });
    }

    [Fact]
    public void The_change_that_broke_it_is_found()
    {
        for (var i = 1; i <= 6; i++)
        {
            _workspace.Write("value.txt", i < 4 ? $"{i}\n" : $"{i} broken\n");
            _workspace.Capture("--agent", "a", "--turn", $"t{i}");
        }

        using var server = Server();
        var found = server.Call("bisect", new JsonObject { ["good"] = "1", ["command"] = "! grep -q broken value.txt" });
        Assert.Equal((5, "t4"), (found.GetProperty("snapshot").GetInt32(), found.GetProperty("turn").GetString()));
        Assert.Contains("fails at the good revision", server.Fail("bisect", new JsonObject { ["good"] = "6", ["command"] = "false" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_try_leaves_nothing()
    {
        using var server = Server();
        var begun = Path.Combine(_workspace.Scratch, "begun");
        var id = server.Begin("tools/call", new JsonObject { ["name"] = "try", ["arguments"] = new JsonObject { ["approaches"] = new JsonArray($"one=touch {begun}; sleep 600") } });
        Assert.True(SpinWait.SpinUntil(() => File.Exists(begun), TimeSpan.FromSeconds(50)));

        server.Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = id } });

        Assert.True(SpinWait.SpinUntil(() => States() is ["cancelled"], TimeSpan.FromSeconds(50)));
        Assert.Equal(0, Sql.Count(_workspace, "SELECT count(*) FROM working_copies"));
    }

    private string[] States() => [.. _workspace.Json("experiments").GetProperty("experiments").EnumerateArray().Select(one => one.GetProperty("state").GetString()!)];

    private McpProcess Server()
    {
        var server = new McpProcess(_workspace);
        server.Initialize();
        return server;
    }
}
