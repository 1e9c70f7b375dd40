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
    [InlineData("opencode", "opencode-1.18.33.jsonl", "opencode")]
    [InlineData("opencode", "opencode-1.18.33.jsonl", "opencode-interrupt")]
    [InlineData("opencode", "opencode-1.18.33.jsonl", "opencode-patch")]
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

    /// <summary>Clients have changed the spelling of names before: <c>toolInput</c> for <c>tool_input</c>, and back.</summary>
    [Theory]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude")]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude-more")]
    [InlineData("codex", "codex-0.169.0.jsonl", "codex")]
    [InlineData("gemini", "gemini-cli-0.61.0.jsonl", "gemini")]
    [InlineData("opencode", "opencode-1.18.33.jsonl", "opencode-patch")]
    public void With_every_name_in_its_other_spelling_the_history_is_the_same(string client, string recording, string scenario)
    {
        using var session = new HookSession(client) { IsRespelled = true };

        session.Play(HookSession.Events(recording, scenario));

        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "tests/Savepoint.Cli.Tests/Golden/hooks", $"{scenario}.txt")), session.History());
    }

    [Theory]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude")]
    [InlineData("codex", "codex-0.169.0.jsonl", "codex")]
    [InlineData("gemini", "gemini-cli-0.61.0.jsonl", "gemini")]
    [InlineData("opencode", "opencode-1.18.33.jsonl", "opencode")]
    public void A_recorded_turn_is_shown_and_taken_back_whole(string client, string recording, string scenario)
    {
        using var session = new HookSession(client);
        var before = Tree(session);
        session.Play(HookSession.Events(recording, scenario));
        var after = Tree(session);
        var turn = session.Workspace.Run("log", "--json").Expect(0).JsonLines.Last(line => line.GetProperty("kind").GetString() == "operation").GetProperty("turn").GetString();

        var patch = session.Workspace.Run("diff", $"turn:{turn}").Expect(0);
        session.Workspace.Shell("mkdir ../copy && cp -r . ../copy && cd ../copy && rm -rf empty && git apply -R -", patch.Bytes).Expect(0);
        Assert.Contains("notes/plan.md", session.Workspace.Run("show", $"turn:{turn}").Expect(0).Output, StringComparison.Ordinal);
        session.Workspace.Run("rollback", $"turn:{turn}").Expect(0);
        Assert.Equal(before, Tree(session));
        Assert.Equal(Files(before), Files(Tree(session, "../copy")));
        session.Workspace.Run("undo").Expect(0);

        Assert.Equal(after, Tree(session));
    }

    /// <summary>A client that is interrupted or killed tells of no end: whatever event comes next finds what its command did.</summary>
    [Theory]
    [InlineData("claude-code", "claude-code-2.1.330.jsonl", "claude-interrupt", "PreToolUse")]
    [InlineData("codex", "codex-0.169.0.jsonl", "codex-interrupt", "PreToolUse")]
    [InlineData("gemini", "gemini-cli-0.61.0.jsonl", "gemini-interrupt", "BeforeTool")]
    [InlineData("opencode", "opencode-1.18.33.jsonl", "opencode-interrupt", "PreToolUse")]
    public void What_a_client_that_died_in_a_call_left_is_recorded_by_the_next_event_of_any_session(string client, string recording, string scenario, string call)
    {
        foreach (var next in (string[])["SessionStart", client == "gemini" ? "BeforeAgent" : "UserPromptSubmit"])
        {
            using var session = new HookSession(client);
            var events = HookSession.Events(recording, scenario);
            session.Play(events.TakeWhile(entry => (string)entry["event"]! != call).Append(events.Find(entry => (string)entry["event"]! == call)!));
            Assert.DoesNotContain("a.txt", session.History(), StringComparison.Ordinal);

            session.Hook(next, new System.Text.Json.Nodes.JsonObject { ["hook_event_name"] = next, ["session_id"] = "the next", ["cwd"] = session.Workspace.Root, ["prompt"] = "go on" });

            var line = Assert.Single(session.History().Split('\n'), line => line.Contains("a.txt", StringComparison.Ordinal) && !line.StartsWith(' '));
            Assert.StartsWith($"operation {client}|", line, StringComparison.Ordinal); // the dead one's: nobody else was at work
            Assert.EndsWith("modify a.txt", line, StringComparison.Ordinal);
            Assert.DoesNotContain("the next", line, StringComparison.Ordinal);
        }
    }

    // What is ignored and no tool names is nobody's to take back, nor is the directory that holds it, build.
    private static string Tree(HookSession session, string directory = ".") => session.Workspace.Shell(
        $"cd {directory}; find . -name build -prune -o -name '*.log' -prune -o -printf '%y %m %l %p\\n' | sort; find . -name '*.log' -prune -o -type f -print0 | sort -z | xargs -0 sha256sum").Expect(0).Output;

    /// <summary>
    /// The files: a patch says nothing of directories. Without the one that a child writes which a command left behind: that is
    /// the turn's or nobody's, as it meets another call or none.
    /// </summary>
    private static string Files(string tree) => string.Join('\n', tree.Split('\n').Where(line => !line.StartsWith('d') && !line.EndsWith("late.txt", StringComparison.Ordinal)));
}
