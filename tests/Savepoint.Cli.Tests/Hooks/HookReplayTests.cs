namespace Savepoint.Cli.Tests.Hooks;

/// <summary>
/// Sessions of the real clients, played again: the history that comes of each is the golden one, in Golden/hooks. Run with
/// <c>SAVEPOINT_UPDATE_GOLDEN=1</c> to write them anew.
/// </summary>
public sealed class HookReplayTests
{
    [Theory]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude")]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude-interrupt")]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude-mcp")]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude-more")]
    [InlineData("codex", "codex-0.169.0.jsonl", "codex")]
    [InlineData("codex", "codex-0.169.0.jsonl", "codex-codemode")]
    [InlineData("codex", "codex-0.169.0.jsonl", "codex-interrupt")]
    [InlineData("codex", "codex-0.169.0.jsonl", "codex-mcp")]
    [InlineData("gemini", "gemini-cli-0.61.0.jsonl", "gemini")]
    [InlineData("gemini", "gemini-cli-0.61.0.jsonl", "gemini-interrupt")]
    public void A_recorded_session_makes_the_history_that_it_should(string client, string recording, string scenario)
    {
        using var session = new HookSession(client);
        var events = HookSession.Events(recording, scenario);
        Assert.NotEmpty(events);

        session.Play(events);

        var history = session.History();
        var golden = Path.Combine(Repository.Root, "tests/Savepoint.Cli.Tests/Golden/hooks", $"{scenario}.txt");
        if (Environment.GetEnvironmentVariable("SAVEPOINT_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, history);
        }

        Assert.Equal(File.ReadAllText(golden), history);
        var (answered, answer) = Assert.Single(session.Answers);
        Assert.Equal("SessionStart", answered);
        Assert.Contains("savepoint undo", System.Text.Json.JsonDocument.Parse(answer).RootElement.GetProperty("hookSpecificOutput").GetProperty("additionalContext").GetString(), StringComparison.Ordinal);
    }
}
