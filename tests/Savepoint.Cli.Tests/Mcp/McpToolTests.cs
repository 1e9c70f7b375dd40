using System.Text.Json;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Mcp;

/// <summary>The tools: what each does, what it says when it cannot, and whose doing it is.</summary>
public sealed class McpToolTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public McpToolTests()
    {
        _workspace.Write("a.txt", "one\n");
        _workspace.Write("src/b.txt", "b\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "two\n");
        _workspace.Capture("--agent", "someone", "--session", "s1", "--turn", "t1");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Undo_and_redo_step_back_and_forth()
    {
        using var server = Server();

        var undone = server.Call("undo");
        Assert.Equal(("restored", 3, 3), (undone.GetProperty("ending").GetString(), undone.GetProperty("snapshot").GetInt64(), undone.GetProperty("head").GetInt64()));
        Assert.Equal("one\n", _workspace.Read("a.txt"));

        Assert.Equal("nothing-to-do", server.Call("undo").GetProperty("ending").GetString());
        server.Call("redo", new JsonObject { ["steps"] = 1 });
        Assert.Equal("two\n", _workspace.Read("a.txt"));
    }

    [Theory]
    [InlineData("""{"turn":"t","all":true}""", "two\n")]
    [InlineData("""{"turn":"t"}""", "three\n")]
    public void Undo_of_a_turn_takes_its_last_operation_back_or_all(string arguments, string left)
    {
        foreach (var text in (string[])["three\n", "four\n"])
        {
            _workspace.Write("a.txt", text);
            _workspace.Capture("--turn", "t");
        }

        using var server = Server();
        var said = McpProcess.Text(server.CallRaw("undo", JsonNode.Parse(arguments)!.AsObject(), null));

        Assert.Equal(left, _workspace.Read("a.txt"));
        Assert.Equal(left == "two\n", said.Contains("redo with steps 2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"all":true}""", "the whole history")]
    [InlineData("""{"session":"s1","steps":2,"all":true}""", "exclude each other")]
    public void Undo_of_all_that_is_not_clear_is_refused_as_on_the_command_line(string arguments, string said)
    {
        using var server = Server();

        Assert.Contains(said, server.Fail("undo", JsonNode.Parse(arguments)!.AsObject()), StringComparison.Ordinal);
        Assert.Equal("two\n", _workspace.Read("a.txt"));
    }

    [Fact]
    public void A_rollback_only_tells_until_it_is_told_to_do_it()
    {
        using var server = Server();
        _workspace.Write("src/b.txt", "unrecorded\n");

        var preview = server.CallRaw("rollback", new JsonObject { ["revision"] = "1" }, null);
        Assert.Contains("dryRun false", McpProcess.Text(preview), StringComparison.Ordinal);
        Assert.Equal(2, McpProcess.Structured(preview).GetProperty("files").GetArrayLength());
        Assert.Equal("two\n", _workspace.Read("a.txt"));

        var done = server.Call("rollback", new JsonObject { ["revision"] = 1, ["dryRun"] = false });
        Assert.Equal(("one\n", "b\n"), (_workspace.Read("a.txt"), _workspace.Read("src/b.txt")));
        Assert.Equal(3, done.GetProperty("drift").GetInt64());
        server.Call("undo");
        Assert.Equal("unrecorded\n", _workspace.Read("src/b.txt"));
    }

    [Fact]
    public void A_rollback_of_paths_leaves_the_rest()
    {
        using var server = Server();
        _workspace.Write("src/b.txt", "changed\n");

        var preview = server.CallRaw("rollback", new JsonObject { ["revision"] = "1", ["paths"] = new JsonArray("src", "a \"b\"") }, null);
        Assert.Contains("""call rollback again with dryRun false, revision 1 and paths ["src","a \"b\""].""", McpProcess.Text(preview), StringComparison.Ordinal);
        server.Call("rollback", new JsonObject { ["revision"] = "1", ["paths"] = new JsonArray("src"), ["dryRun"] = false });

        Assert.Equal(("two\n", "b\n"), (_workspace.Read("a.txt"), _workspace.Read("src/b.txt")));
    }

    [Fact]
    public void Looking_tells_what_changed_and_who_did_it()
    {
        using var server = Server();

        var newest = server.Call("history").GetProperty("snapshots")[0];
        Assert.Equal((2, "someone", "a.txt"), (newest.GetProperty("snapshot").GetInt64(), newest.GetProperty("agent").GetString(), newest.GetProperty("changes")[0].GetProperty("path").GetString()));
        Assert.False(server.Call("history", new JsonObject { ["limit"] = 1 }).GetProperty("isAll").GetBoolean());
        Assert.Equal(1, server.Call("history", new JsonObject { ["path"] = _workspace.At("src") }).GetProperty("snapshots").GetArrayLength());

        foreach (var shown in (JsonElement[])[server.Call("show"), server.Call("show", new JsonObject { ["revision"] = "turn:t1" }), server.Call("diff", new JsonObject { ["from"] = "1", ["to"] = "@" })])
        {
            Assert.Contains("-one\n+two\n", shown.GetProperty("patch").GetString(), StringComparison.Ordinal);
        }

        var run = server.Call("blame", new JsonObject { ["path"] = "a.txt" }).GetProperty("runs")[0];
        Assert.Equal((2, "t1"), (run.GetProperty("snapshot").GetInt64(), run.GetProperty("turn").GetString()));
        Assert.Equal(0, server.Call("diff").GetProperty("fileCount").GetInt64());
    }

    [Fact]
    public void A_change_of_a_whole_tree_is_compared_as_far_as_there_is_room()
    {
        const int Count = 6_000;
        _workspace.Shell($"for i in $(seq {Count}); do echo $i > f$i; done; savepoint capture -q").Expect(0);
        using var server = Server();

        var shown = server.CallRaw("show", null, null);

        Assert.Contains($"… and {Count - 100} more paths, of which {Count - 5_000} were not compared", McpProcess.Text(shown), StringComparison.Ordinal);
        Assert.Equal(Count, server.Call("show").GetProperty("fileCount").GetInt32());
    }

    [Fact]
    public void A_long_patch_is_cut_and_says_so()
    {
        _workspace.Write("a.txt", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n")));
        using var server = Server();

        var diff = server.CallRaw("diff", null, null);

        Assert.InRange(McpProcess.Text(diff).Length, 20_000, 25_000);
        Assert.Contains("more lines: narrow with paths", McpProcess.Text(diff), StringComparison.Ordinal);
        Assert.InRange(McpProcess.Structured(diff).GetProperty("leftOutLines").GetInt64(), 10_000, 20_000);
        Assert.False(McpProcess.Structured(server.CallRaw("diff", new JsonObject { ["stat"] = true }, null)).TryGetProperty("patch", out _));
    }

    [Fact]
    public void A_revert_takes_one_change_back_and_keeps_the_later()
    {
        _workspace.Write("a.txt", "1\n2\n3\n4\n5\n");
        _workspace.Capture();
        _workspace.Write("a.txt", "1\nTWO\n3\n4\n5\n");
        _workspace.Capture();
        _workspace.Write("a.txt", "1\nTWO\n3\n4\nFIVE\n");
        _workspace.Capture();
        using var server = Server();

        Assert.Equal(6, server.Call("revert", new JsonObject { ["snapshot"] = 4 }).GetProperty("snapshot").GetInt64());
        Assert.Equal("1\n2\n3\n4\nFIVE\n", _workspace.Read("a.txt"));

        var conflict = server.Fail("revert", new JsonObject { ["snapshot"] = "3" });
        Assert.Contains("Nothing was written", conflict, StringComparison.Ordinal);
        Assert.Contains("a.txt, line", conflict, StringComparison.Ordinal);
        Assert.Equal("1\n2\n3\n4\nFIVE\n", _workspace.Read("a.txt"));
    }

    [Fact]
    public void A_merge_brings_a_branchs_work_in_or_lists_the_conflicts()
    {
        _workspace.Run("branch", "create", "idea", "--dir", "../idea").Expect(0);
        File.WriteAllText(Path.Combine(_workspace.Scratch, "idea", "src/b.txt"), "better\n");
        using var server = Server();

        Assert.Equal("dry-run", server.Call("merge", new JsonObject { ["branch"] = "idea", ["dryRun"] = true }).GetProperty("ending").GetString());
        Assert.Equal("b\n", _workspace.Read("src/b.txt"));
        var merged = server.Call("merge", new JsonObject { ["branch"] = "idea" });
        Assert.Equal(("restored", "better\n", 1), (merged.GetProperty("ending").GetString(), _workspace.Read("src/b.txt"), merged.GetProperty("fileCount").GetInt32()));

        File.WriteAllText(Path.Combine(_workspace.Scratch, "idea", "a.txt"), "theirs\n");
        _workspace.Write("a.txt", "ours\n");
        var conflict = server.Fail("merge", new JsonObject { ["branch"] = "idea" });
        Assert.Contains("Nothing was written", conflict, StringComparison.Ordinal);
        Assert.Contains("a.txt, line 1: both changed it", conflict, StringComparison.Ordinal);
        Assert.Contains("There is no branch 'unknown'", server.Fail("merge", new JsonObject { ["branch"] = "unknown" }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_undo_of_a_session_keeps_what_others_did_later()
    {
        _workspace.Write("src/b.txt", "other\n");
        _workspace.Capture("--session", "s2");
        using var server = Server();

        server.Call("undo", new JsonObject { ["session"] = "s1" });

        Assert.Equal(("one\n", "other\n"), (_workspace.Read("a.txt"), _workspace.Read("src/b.txt")));
    }

    [Fact]
    public void Editing_tools_are_there_when_asked_for_and_record_what_they_write()
    {
        using (var without = Server())
        {
            Assert.NotNull(without.Request("tools/call", new JsonObject { ["name"] = "delete_path", ["arguments"] = new JsonObject { ["path"] = "a.txt" } })["error"]);
        }

        using var server = new McpProcess(_workspace, "--edit-tools");
        server.Initialize(client: "claude-code");
        var edits = new (string Tool, string Arguments)[]
        {
            ("apply_whole_file_edit", """{"path":"new/c.txt","content":"1\n2\n3\n"}"""),
            ("apply_edit_block", """{"path":"new/c.txt","searchBlock":"2\n","replaceBlock":"two\n"}"""),
            ("apply_ranged_edit", """{"path":"new/c.txt","content":"three\n","startLine":3,"endLine":3}"""),
            ("apply_unified_diff", """{"diffContent":"--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-two\n+TWO\n"}"""),
            ("reverse_diff", """{"diffContent":"--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-two\n+TWO\n"}"""),
            ("rename_path", """{"path":"src/b.txt","newPath":"moved.txt"}"""),
            ("delete_path", """{"path":"moved.txt"}"""),
        };
        for (var i = 0; i < edits.Length; i++)
        {
            var result = server.Call(edits[i].Tool, JsonNode.Parse(edits[i].Arguments)!.AsObject());
            Assert.Equal(3 + i, result.GetProperty("snapshot").GetInt64());
            Assert.StartsWith("diff --git", result.GetProperty("diff").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(("1\ntwo\nthree\n", "two\n"), (_workspace.Read("new/c.txt"), _workspace.Read("a.txt")));
        Assert.False(File.Exists(_workspace.At("moved.txt")) || File.Exists(_workspace.At("src/b.txt")));
        Assert.Contains("new/c.txt", server.Fail("apply_edit_block", JsonNode.Parse("""{"path":"new/c.txt","searchBlock":"nowhere","replaceBlock":""}""")!.AsObject()), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("claude-code", "savepoint.delete_path"), (_workspace.Json("show", "@").GetProperty("agent").GetString(), _workspace.Json("show", "@").GetProperty("tool").GetString()));
        server.Call("undo", new JsonObject { ["steps"] = 7 });
        Assert.Equal("b\n", _workspace.Read("src/b.txt"));
    }

    [Fact]
    public void A_checkpoint_names_the_state_with_all_that_was_unrecorded()
    {
        using var server = Server();
        _workspace.Write("new.txt", "n");

        Assert.Equal(3, server.Call("checkpoint", new JsonObject { ["name"] = "before-it" }).GetProperty("snapshot").GetInt64());

        File.Delete(_workspace.At("new.txt"));
        server.Call("rollback", new JsonObject { ["revision"] = "before-it", ["dryRun"] = false });
        Assert.Equal("n", _workspace.Read("new.txt"));
        Assert.Contains("already names snapshot 3", server.Fail("checkpoint", new JsonObject { ["name"] = "before-it" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_runs_what_a_trusted_file_sets_and_nothing_else()
    {
        using var server = Server();
        _workspace.Write("package.json", """{"scripts":{"test":"touch guessed"}}""");
        _workspace.Write("savepoint.json", """{"checks":{"build":"touch built","test":"echo not ok 1 - x; echo 1..1; exit 1"}}""");

        Assert.Contains("config trust", server.Fail("check", new JsonObject()), StringComparison.Ordinal);
        _workspace.Run("config", "trust").Expect(0);
        var result = server.Call("check");
        var build = server.Call("check", new JsonObject { ["only"] = "build" });

        Assert.False(File.Exists(_workspace.At("guessed")));
        Assert.Equal((false, "passed", 1), (result.GetProperty("passed").GetBoolean(), result.GetProperty("build").GetString(), result.GetProperty("tests").GetProperty("failed").GetInt32()));
        Assert.Equal((true, JsonValueKind.Null), (build.GetProperty("passed").GetBoolean(), build.GetProperty("tests").ValueKind));
        Assert.Contains("takes: only", server.Fail("check", new JsonObject { ["build"] = "touch it" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("undo", """{"steps":0}""", "1 or more")]
    [InlineData("undo", """{"steps":"many"}""", "whole number")]
    [InlineData("undo", """{"stepz":1}""", "It takes: steps")]
    [InlineData("rollback", "{}", "'revision' is missing")]
    [InlineData("rollback", """{"revision":"99"}""", "The newest is 2")]
    [InlineData("rollback", """{"revision":"no:such"}""", "no revision")]
    [InlineData("rollback", """{"revision":["1"]}""", "must be a string")]
    [InlineData("rollback", """{"revision":"1","paths":["../outside"]}""", "outside the workspace")]
    [InlineData("rollback", """{"revision":"1","paths":[".git/config"]}""", "belongs to git")]
    [InlineData("history", """{"limit":1000}""", "from 1 to 200")]
    [InlineData("diff", """{"stat":"perhaps"}""", "true or false")]
    [InlineData("blame", """{"path":"src"}""", "no file")]
    [InlineData("blame", """{"path":"a.txt","startLine":7}""", "has 1")]
    [InlineData("checkpoint", """{"name":"1"}""", "no name for a checkpoint")]
    [InlineData("show", """{"revision":"turn:none"}""", "turn")]
    public void A_bad_argument_is_answered_with_what_is_taken_instead(string tool, string arguments, string said)
    {
        using var server = Server();

        Assert.Contains(said, server.Fail(tool, JsonNode.Parse(arguments)!.AsObject()), StringComparison.Ordinal);
        Assert.Equal(2, server.Call("history").GetProperty("head").GetInt64());
        Assert.Equal("two\n", _workspace.Read("a.txt"));
    }

    [Fact]
    public void What_other_processes_record_is_seen_at_once()
    {
        using var server = Server();
        server.Call("history");
        for (var i = 3; i < 6; i++)
        {
            _workspace.Write("a.txt", $"{i}\n");
            Assert.Equal(i, _workspace.Capture());
            Assert.Equal(i, server.Call("show").GetProperty("snapshot").GetInt64());
        }

        server.Call("undo");
        Assert.Equal("4\n", _workspace.Read("a.txt"));
        Assert.Equal(6, _workspace.Json("status").GetProperty("head").GetInt64());
    }

    [Fact]
    public void A_directory_that_is_not_tracked_is_served_once_it_is()
    {
        using var workspace = new CliWorkspace();
        workspace.Write("a.txt", "1");
        using var server = new McpProcess(workspace);
        server.Initialize();
        Assert.Contains("savepoint init", server.Fail("history"), StringComparison.Ordinal);

        workspace.Run("init").Expect(0);

        Assert.Equal(1, server.Call("history").GetProperty("head").GetInt64());
    }

    [Fact]
    public void A_workspace_that_moves_or_goes_is_an_error_until_it_is_back()
    {
        using var server = new McpProcess(_workspace, _workspace.Scratch, _workspace.Environment, "-C", _workspace.Root);
        server.Initialize();
        Assert.Equal(2, server.Call("history").GetProperty("head").GetInt64());

        _workspace.Shell("cd .. && mv work elsewhere").Expect(0);
        Assert.Contains("does not exist", server.Fail("undo"), StringComparison.Ordinal);
        Directory.CreateDirectory(_workspace.Root);
        Assert.Contains("not tracked", server.Fail("undo"), StringComparison.Ordinal);
        Assert.Equal("two\n", File.ReadAllText(Path.Combine(_workspace.Scratch, "elsewhere/a.txt")));
        Executable.Run("sh", ["-c", "rmdir work && mv elsewhere work"], _workspace.Scratch, _workspace.Environment).Expect(0);
        Assert.Equal(3, server.Call("undo").GetProperty("head").GetInt64());

        _workspace.Run("untrack", "--delete").Expect(0);
        Assert.Contains("not tracked", server.Fail("history"), StringComparison.Ordinal);
        Assert.Equal((0, "", ""), server.End());
    }

    [Theory]
    [InlineData("claude-code", """{"claudecode/toolUseId":"toolu_1"}""", "claude-code", "env-session", null, "toolu_1")]
    [InlineData("codex-mcp-client", """{"callId":"call_1","threadId":"thread-1","x-codex-turn-metadata":{"session_id":"thread-1","turn_id":"turn-1"}}""", "codex", "thread-1", "turn-1", "call_1")]
    [InlineData("gemini-cli-mcp-client", """{"progressToken":"x"}""", "gemini", null, null, null)]
    [InlineData("opencode", "{}", "opencode", null, null, null)]
    public void What_a_call_records_is_the_callers(string client, string meta, string agent, string? session, string? turn, string? toolCall)
    {
        var environment = new Dictionary<string, string?>(_workspace.Environment) { ["CLAUDE_CODE_SESSION_ID"] = "env-session" };
        using var server = new McpProcess(_workspace, _workspace.Root, environment);
        server.Initialize(client: client);

        server.Call("undo", meta: JsonNode.Parse(meta)!.AsObject());

        var recorded = _workspace.Json("show", "@");
        Assert.Equal((agent, session, turn, toolCall, "savepoint.undo"), (recorded.GetProperty("agent").GetString(), recorded.GetProperty("session").GetString(), recorded.GetProperty("turn").GetString(), recorded.GetProperty("toolCall").GetString(), recorded.GetProperty("tool").GetString()));
    }

    private McpProcess Server()
    {
        var server = new McpProcess(_workspace);
        server.Initialize();
        return server;
    }
}
