using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Mcp;

/// <summary>
/// What the real clients sent to a server of two tools (tests/data/mcp), sent to ours: the first tool becomes an undo, the
/// one that always fails a rollback without a revision.
/// </summary>
public sealed class McpReplayTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("claude-code-2.1.330.jsonl", "claude-mcp", "claude-code||")]
    [InlineData("claude-code-2.1.330.jsonl", "claude-interrupt", null)]
    [InlineData("codex-0.169.0.jsonl", "codex-mcp", "codex|01a204a6-8504-7030-8be4-ae9c3698eeab|01a204a6-8556-7713-9451-309771a170b4")]
    [InlineData("codex-0.169.0.jsonl", "codex", null)]
    [InlineData("gemini-cli-0.61.0.jsonl", "gemini", "gemini||")]
    [InlineData("opencode-1.18.33.jsonl", "opencode", "opencode||")]
    public void A_recorded_client_gets_an_answer_to_each_request(string recording, string scenario, string? caller)
    {
        _workspace.Write("a.txt", "one\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "two\n");
        _workspace.Capture();
        var messages = Messages(recording, scenario);
        Assert.NotEmpty(messages);
        using var server = new McpProcess(_workspace);

        foreach (var message in messages)
        {
            var fails = Translate(message);
            server.Send(message);
            if (message["id"] is { } id)
            {
                var answer = server.Await(answer => answer["id"]?.ToJsonString() == id.ToJsonString());
                Assert.True(answer["result"] is not null, answer.ToJsonString());
                Assert.Equal(fails, (bool?)answer["result"]!["isError"] ?? false);
            }
        }

        Assert.Equal((0, "", ""), server.End());
        Assert.Equal(caller is null ? "two\n" : "one\n", _workspace.Read("a.txt"));
        var newest = _workspace.Json("show", "@");
        Assert.Equal(caller ?? "||", $"{newest.GetProperty("agent")}|{newest.GetProperty("session")}|{newest.GetProperty("turn")}");
    }

    private static List<JsonObject> Messages(string recording, string scenario) =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests/data/mcp", recording)).Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(entry => (string?)entry["scenario"] == scenario && (string?)entry["way"] == "in")
            .Select(entry => entry["message"]!.DeepClone().AsObject()),
    ];

    /// <summary>Whether the call must fail now.</summary>
    private static bool Translate(JsonObject message)
    {
        if ((string?)message["method"] != "tools/call")
        {
            return false;
        }

        var call = message["params"]!.AsObject();
        var fails = (string?)call["name"] == "probe_fail";
        (call["name"], call["arguments"]) = (fails ? "rollback" : "undo", new JsonObject());
        return fails;
    }
}
