using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Savepoint.Bench;

/// <summary>
/// <c>savepoint hook claude-code</c> as a client calls it, a process for each event, on a tree of 1,000 files: before an edit
/// tool, before a shell tool, and a whole session of 100 calls whose model answers in 3 s each.
/// </summary>
internal static class HookBench
{
    private const int Rounds = 100;
    private const double ModelMilliseconds = 3_000;

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        Shell.Run(tree.Root, tree.Home, Shell.Savepoint, "init");
        var session = new HookSession(tree);
        var (edit, shell, nothing) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            var file = tree.Text.Next(tree.Files.Count);
            edit.Add(session.Tell("PreToolUse", session.Edit(file)));
            tree.Edit(file);
            session.Tell("PostToolUse", session.Edit(file));
            shell.Add(session.Tell("PreToolUse", session.Command($"make {round}")));
            tree.Edit(file);
            session.Tell("PostToolUse", session.Command($"make {round}"));
            nothing.Add(Shell.Run(tree.Root, tree.Home, "true"));
        }

        var whole = WholeSession(tree, new HookSession(tree));
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            new("hook: before an edit tool, p50", edit.P50, 15, "ms", $"p99 {edit.P99:0.0} ms, n = {edit.Count}; true {nothing.P50:0.0} ms"),
            new("hook: before a shell tool, p50", shell.P50, 25, "ms", $"p99 {shell.P99:0.0} ms, n = {shell.Count}"),
            new("hook: a session of 100 calls, share of 3 s each", 100 * whole / (Rounds * ModelMilliseconds), 2, "%", $"{whole:0} ms for session, prompt, {Rounds} calls before and after, stop and end"),
        ]);
    }

    /// <summary>What all hooks of a session take together, half of its calls edits and half commands.</summary>
    private static double WholeSession(ScratchTree tree, HookSession session)
    {
        var took = session.Tell("SessionStart", []) + session.Tell("UserPromptSubmit", []);
        for (var call = 0; call < Rounds; call++)
        {
            var file = tree.Text.Next(tree.Files.Count);
            Func<JsonObject> input = call % 2 == 0 ? () => session.Edit(file) : () => session.Command($"make {call}");
            took += session.Tell("PreToolUse", input());
            tree.Edit(file);
            took += session.Tell("PostToolUse", input());
        }

        return took + session.Tell("Stop", []) + session.Tell("SessionEnd", []);
    }

    /// <summary>One session of Claude Code, as its hooks tell of it.</summary>
    private sealed class HookSession(ScratchTree tree)
    {
        private readonly string _id = Guid.NewGuid().ToString();
        private int _calls;

        public JsonObject Edit(int file) => new()
        {
            ["tool_name"] = "Edit",
            ["tool_input"] = new JsonObject { ["file_path"] = Path.Combine(tree.Root, tree.Files[file].Path.ToString()), ["old_string"] = "a", ["new_string"] = "b" },
        };

        public JsonObject Command(string command) => new() { ["tool_name"] = "Bash", ["tool_input"] = new JsonObject { ["command"] = command } };

        /// <summary>Starts the hook, gives it the event, waits for its end: how long that took.</summary>
        public double Tell(string name, JsonObject payload)
        {
            _calls += name == "PreToolUse" ? 1 : 0;
            (payload["hook_event_name"], payload["session_id"], payload["prompt_id"], payload["cwd"], payload["prompt"], payload["tool_use_id"]) = (name, _id, "prompt", tree.Root, "go", $"toolu_{_calls}");
            var text = payload.ToJsonString();
            var start = new ProcessStartInfo(Shell.Savepoint, ["hook", "claude-code"]) { WorkingDirectory = tree.Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            (start.Environment["HOME"], start.Environment["SAVEPOINT_HOME"], start.Environment["CLAUDE_PROJECT_DIR"]) = (tree.Home, tree.StoreHome, tree.Root);
            var started = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            process.StandardInput.Write(text);
            process.StandardInput.Close();
            process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return process.ExitCode == 0 && error.Length == 0 ? took : throw new InvalidOperationException($"The hook ended with {process.ExitCode}: {error}");
        }
    }
}
