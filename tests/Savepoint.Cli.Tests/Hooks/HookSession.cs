using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Savepoint.Cli.Tests.Hooks;

/// <summary>
/// Plays a session that a real client's hooks recorded (tests/data/hooks): each event goes into <c>savepoint hook</c>, and
/// between a tool's beginning and its end the tool does to the workspace what its input says.
/// </summary>
internal sealed class HookSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _client;
    private readonly Dictionary<string, Process> _running = [];
    private readonly Sleepers _sleepers;

    public HookSession(string client)
    {
        _client = client;
        _sleepers = new Sleepers(Workspace.Home);
        Workspace.GiveHooksTime();
        Workspace.Write("a.txt", "alpha\nbeta\n");
        Workspace.Write("src/b.txt", "one\ntwo\nthree\n");
        Workspace.Write("old.txt", "old\n");
        Workspace.Write(".gitignore", "*.log\n");
        Workspace.Json("init");
    }

    public CliWorkspace Workspace { get; } = new();

    /// <summary>Whether names are told in the other spelling: <c>toolInput</c> for <c>tool_input</c>, <c>background_task_id</c> for <c>backgroundTaskId</c>.</summary>
    public bool IsRespelled { get; init; }

    /// <summary>What the hooks wrote to standard output, by event.</summary>
    public List<(string Event, string Answer)> Answers { get; } = [];

    /// <summary>The events of a scenario of a recording.</summary>
    public static List<JsonObject> Events(string recording, string scenario)
    {
        var recorded = File.ReadLines(Path.Combine(Repository.Root, "tests/data/hooks", recording)).Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(entry => (string?)entry["scenario"] == scenario);
        return recording.StartsWith("opencode", StringComparison.Ordinal) ? OpenCodeEvents.Of(recorded) : [.. recorded];
    }

    public void Play(IEnumerable<JsonObject> events)
    {
        foreach (var entry in events)
        {
            var name = (string)entry["event"]!;
            var payload = JsonNode.Parse(Expand(entry["stdin"]!.ToJsonString()))!.AsObject();
            if (name is "PostToolUse" or "PostToolUseFailure" or "AfterTool")
            {
                Await(Key(payload));
            }
            else if (name is "AfterAgent" or "Stop")
            {
                _sleepers.Wake(); // what a command left behind has written by the time its agent is done
            }
            else if (name == "SessionEnd")
            {
                EndAll();
            }

            Hook(name, payload, entry["env"]?["CLAUDE_PROJECT_DIR"] is null ? null : Workspace.Root);
            if (name is "PreToolUse" or "BeforeTool")
            {
                Call(payload);
            }
        }
    }

    public CliResult Hook(string name, JsonObject payload, string? projectDirectory = null)
    {
        var environment = new Dictionary<string, string?>(Workspace.Environment) { ["CLAUDE_PROJECT_DIR"] = projectDirectory };
        var result = Executable.Run(Executable.File, ["hook", _client], Workspace.Root, environment, Encoding.UTF8.GetBytes((IsRespelled ? Respelled(payload)! : payload).ToJsonString()));
        result.Expect(0);
        Assert.Equal("", result.Error);
        if (result.Output.Length > 0)
        {
            Answers.Add((name, result.Output));
        }

        return result;
    }

    private static JsonNode? Respelled(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(OtherSpelling(member.Key), Respelled(member.Value)))),
        JsonArray elements => new JsonArray([.. elements.Select(Respelled)]),
        _ => node?.DeepClone(),
    };

    private static string OtherSpelling(string name) => name.Contains('_', StringComparison.Ordinal)
        ? System.Text.RegularExpressions.Regex.Replace(name, "_([a-z])", match => match.Groups[1].Value.ToUpperInvariant())
        : JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>The history but for the baseline, a line a snapshot: whose, by which tool, what changed.</summary>
    public string History()
    {
        var text = new StringBuilder();
        foreach (var line in Workspace.Run("log", "--json", "-n", "1000").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            var snapshot = JsonDocument.Parse(line).RootElement;
            if (snapshot.GetProperty("kind").GetString() == "baseline")
            {
                continue;
            }

            var changes = snapshot.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("kind").GetString()} {change.GetProperty("path").GetString()}");
            var exit = snapshot.TryGetProperty("exitCode", out var code) && code.ValueKind == JsonValueKind.Number ? $" exit {code}" : "";
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{snapshot.GetProperty("kind")} {snapshot.GetProperty("agent")}|{Short(snapshot, "session")}|{Short(snapshot, "turn")}|{snapshot.GetProperty("tool")}{exit}: {string.Join(", ", changes)}\n");
            if (snapshot.GetProperty("message").GetString() is { } message)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"    {message}\n");
            }
        }

        return text.ToString();
    }

    public void Dispose()
    {
        EndAll();
        Workspace.Dispose();
    }

    private static string Short(JsonElement snapshot, string name) => snapshot.GetProperty(name).GetString() is { } text ? text[..Math.Min(8, text.Length)] : "";

    private string Expand(string json) => json
        .Replace("${WORKSPACE}", Workspace.Root, StringComparison.Ordinal)
        .Replace("${HOME}", Workspace.Home, StringComparison.Ordinal);

    private static string Key(JsonObject payload) => (string?)payload["tool_use_id"] ?? (string?)payload["tool_input"]?["command"] ?? "";

    private void Call(JsonObject payload)
    {
        var input = payload["tool_input"]!.AsObject();
        switch ((string)payload["tool_name"]!)
        {
            case "Write" or "write_file" or "write" when Text(input, "file_path", "filePath").StartsWith(Workspace.Root, StringComparison.Ordinal):
                var written = Text(input, "file_path", "filePath");
                Directory.CreateDirectory(Path.GetDirectoryName(written)!);
                File.WriteAllText(written, (string)input["content"]!);
                break;
            case "Edit" or "replace" or "edit":
                var file = Text(input, "file_path", "filePath");
                File.WriteAllText(file, File.ReadAllText(file).Replace(Text(input, "old_string", "oldString"), Text(input, "new_string", "newString"), StringComparison.Ordinal));
                break;
            case "apply_patch":
                ApplyPatch(Text(input, "command", "patchText"));
                break;
            case "Bash" or "run_shell_command" or "bash":
                Start(Key(payload), (string)input["command"]!);
                break;
        }
    }

    private static string Text(JsonObject input, string name, string otherName) => (string)(input[name] ?? input[otherName])!;

    /// <summary>A command that sleeps goes on beside the next events, as it did; any other has ended when this returns.</summary>
    private void Start(string key, string command)
    {
        var process = Executable.Start("bash", ["-c", $"exec </dev/null >/dev/null 2>&1; {_sleepers.Watched}; {command}"], Workspace.Root, _sleepers.Environment(Workspace.Environment));
        _running[key] = process;
        var leavesChild = command.StartsWith('(');
        var sleeps = command.Contains("sleep", StringComparison.Ordinal) && _sleepers.AwaitNext(() => !leavesChild && process.HasExited);
        Assert.True((sleeps && !leavesChild) || process.WaitForExit(Patience));
    }

    private void Await(string key)
    {
        if (_running.Remove(key, out var process))
        {
            if (!process.HasExited)
            {
                _sleepers.Wake();
            }

            Assert.True(process.WaitForExit(Patience));
            process.Dispose();
        }
    }

    private void EndAll()
    {
        foreach (var process in _running.Values)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        _running.Clear();
    }

    // As much of the tool as the recordings need: a file that does not match leaves all as it is.
    private void ApplyPatch(string patch)
    {
        var writes = new Dictionary<string, string>();
        var deletes = new List<string>();
        string? file = null;
        List<string> removed = [], added = [];
        foreach (var line in patch.Split('\n').Append("*** End Patch"))
        {
            if (line.StartsWith("***", StringComparison.Ordinal) || line.StartsWith("@@", StringComparison.Ordinal))
            {
                if (file is not null && (removed.Count > 0 || added.Count > 0))
                {
                    var old = removed.Count > 0 ? writes.GetValueOrDefault(file) ?? Workspace.Read(file) : "";
                    var gone = string.Concat(removed.Select(text => text + "\n"));
                    if (!old.Contains(gone, StringComparison.Ordinal))
                    {
                        return;
                    }

                    writes[file] = removed.Count > 0 ? old.Replace(gone, string.Concat(added.Select(text => text + "\n")), StringComparison.Ordinal) : string.Concat(added.Select(text => text + "\n"));
                }

                (removed, added) = ([], []);
                file = line.Contains(" File: ", StringComparison.Ordinal) ? line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..] : file;
                if (line.StartsWith("*** Delete", StringComparison.Ordinal))
                {
                    deletes.Add(file!);
                }
            }
            else if (line.Length > 0)
            {
                (line[0] == '+' ? added : line[0] == '-' ? removed : added).Add(line[1..]);
                if (line[0] == ' ')
                {
                    removed.Add(line[1..]);
                }
            }
        }

        foreach (var (path, text) in writes)
        {
            Workspace.Write(path, text);
        }

        deletes.ForEach(path => File.Delete(Workspace.At(path)));
    }
}
