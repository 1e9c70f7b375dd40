using System.Text.Json.Nodes;

namespace Savepoint.Crash;

/// <summary>The verbs that write, each on a small history made for it.</summary>
internal static class Scenarios
{
    /// <summary>A tree with all kinds of entries, a directory nobody may write to, and files that are ignored.</summary>
    private const string FirstTree = """
        mkdir -p src/deep/er docs empty ignored locked
        for i in 0 1 2 3 4 5 6 7 8 9; do printf 'line one\nline two\nline three\nof file %s\n' $i > src/file-$i; done
        printf 'ignored/\n' > .gitignore ; printf 'mine\n' > ignored/keep ; printf 'text\n' > docs/text
        printf '#!/bin/sh\n' > program ; chmod 0755 program ; ln -s docs/text link ; printf d > src/deep/er/file
        printf l > locked/file ; chmod 0555 locked ; printf one > modified ; printf same > mode-only ; chmod 0600 mode-only
        printf gone > deleted ; printf file > file-to-folder ; mkdir folder-to-file ; printf in > folder-to-file/inner
        ln -s target link-to-file ; printf file > file-to-link ; mkdir moved-from ; printf 'moving, far and wide\n' > moved-from/file
        """;

    /// <summary>A change of every kind.</summary>
    private const string SecondTree = """
        printf two > modified ; chmod 0644 mode-only ; rm deleted ; printf added > added ; ln -sfn docs link
        rm file-to-folder ; mkdir file-to-folder ; printf x > file-to-folder/x ; rm -r folder-to-file ; printf now > folder-to-file
        rm link-to-file ; printf now > link-to-file ; rm file-to-link ; ln -s now file-to-link ; rm -r src/deep
        chmod 0755 locked ; printf more >> locked/file ; printf new > locked/new ; chmod 0555 locked
        mkdir moved-to ; mv moved-from/file moved-to/file ; rmdir moved-from empty ; mkdir -p fresh/sealed ; printf f > fresh/sealed/f ; chmod 0500 fresh/sealed
        """;

    private const string ThirdTree = """
        for i in 0 2 4 6 8; do printf 'line one\nline two, again\nline three\nof file %s\n' $i > src/file-$i; done
        printf 'more\n' >> docs/text ; printf 'new\n' > docs/new
        """;

    private static readonly string? Only = Environment.GetEnvironmentVariable("SAVEPOINT_TEST_VERB");

    /// <summary>All of them, or those whose name begins with what a long run is asked for.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. Every().Where(scenario => Only is null || scenario.Name.StartsWith(Only, StringComparison.Ordinal))];

    private static Scenario[] Every() =>
    [
        new() { Name = "init", BeginsUntracked = true, Arguments = ["init", "--json"], Repeat = ["init", "--json"] },
        new() { Name = "capture", Prepare = (world, _) => world.Do(ThirdTree), Arguments = ["capture", "--json"], Repeat = ["capture", "--json"] },
        new() { Name = "capture of a large file", Prepare = (world, _) => world.Do("head -c 4500000 /dev/urandom > large"), MaxPoints = 400, Arguments = ["capture", "--json"], Repeat = ["capture", "--json"] },
        new() { Name = "capture PATH", Prepare = (world, _) => world.Do(ThirdTree), Arguments = ["capture", "src/file-0", "docs", "--json"], Repeat = ["capture", "--json"] },
        new() { Name = "status (a scan)", Prepare = (world, _) => world.Do(ThirdTree), Arguments = ["status", "--json"], Repeat = ["status", "--json"] },
        new() { Name = "run", Prepare = (_, _) => { }, Arguments = ["run", "--", "sh", "-c", "printf 'by the command' > src/file-1; rm src/file-2; mkdir made; printf m > made/file"], Repeat = ["capture", "--json"] },
        new() { Name = "hook", Prepare = (world, _) => world.Do(ThirdTree), Arguments = ["hook", "claude-code"], Input = HookEvent, Repeat = ["capture", "--json"] },
        new() { Name = "mcp, five edits", Arguments = ["mcp", "--edit-tools"], Input = McpEdits(5), HasManySteps = true },
        new() { Name = "rollback of all kinds", Prepare = (world, _) => world.Do(ThirdTree), Arguments = ["rollback", "1", "--json"], Repeat = ["rollback", "1", "--json"] },
        new() { Name = "rollback of 500 files", Prepare = ManyFiles, Arguments = ["rollback", "3", "--json"], Repeat = ["rollback", "3", "--json"] },
        new() { Name = "undo", Arguments = ["undo", "--json"] },
        new() { Name = "redo", Prepare = (world, _) => world.Run("undo", "2").Expect(0), Arguments = ["redo", "2", "--json"] },
        new() { Name = "revert", Prepare = ThirdState, Arguments = ["revert", "2", "--json"] },
        new() { Name = "checkpoint", Arguments = ["checkpoint", "named", "--json"] },
        new() { Name = "milestone", Prepare = SecondMilestone, Arguments = ["milestone", "second", "--json"] },
        new() { Name = "compact", Prepare = ContinuousEdits, Arguments = ["compact", "--level", "aggressive", "--json"], Repeat = ["compact", "--level", "aggressive", "--json"] },
        new() { Name = "gc", Prepare = MuchToClean, Arguments = ["gc", "--json"], Repeat = ["gc", "--json"] },
    ];

    public static Scenario Named(string name) => Every().First(scenario => scenario.Name == name);

    private static string HookEvent => new JsonObject
    {
        ["session_id"] = "s-1",
        ["hook_event_name"] = "PostToolUse",
        ["tool_name"] = "Bash",
        ["tool_input"] = new JsonObject { ["command"] = "make" },
        ["tool_use_id"] = "call-1",
        ["tool_response"] = new JsonObject { ["stdout"] = "" },
    }.ToJsonString();

    /// <summary>Makes the tree and, unless the scenario begins before that, two acknowledged states; then what the scenario needs.</summary>
    public static History Prepare(World world, Scenario scenario)
    {
        var history = new History(world);
        world.Do(FirstTree);
        if (!scenario.BeginsUntracked)
        {
            history.Init();
            world.Do(SecondTree);
            history.Capture("--agent", "a", "--session", "s-1", "--turn", "t-1");
            scenario.Prepare?.Invoke(world, history);
        }

        return history;
    }

    private static void ThirdState(World world, History history)
    {
        world.Do(ThirdTree);
        history.Capture("--agent", "b", "--session", "s-2", "--turn", "t-1");
    }

    private static void ManyFiles(World world, History history)
    {
        foreach (var text in (string[])["one", "two"])
        {
            world.Do($"for i in 0 1 2 3 4 5 6 7 8 9; do mkdir -p many/$i; for j in $(seq 50); do echo {text} $i $j > many/$i/$j; done; done");
            history.Capture();
        }
    }

    private static void SecondMilestone(World world, History history)
    {
        world.Run("milestone", "first").Expect(0);
        ThirdState(world, history);
    }

    // Behind the last fifty operations, or nothing is merged.
    private static void ContinuousEdits(World world, History history)
    {
        for (var i = 0; i < 15; i++)
        {
            world.Do($"echo edit {i} >> docs/text");
            world.Run("capture", "docs/text", "--agent", "a", "--session", "s-1", "--turn", "t-2", "--quiet").Expect(0);
        }

        for (var i = 0; i < 51; i++)
        {
            world.Do($"echo other {i} > src/file-{i % 10}");
            world.Run("capture", $"src/file-{i % 10}", "--agent", "b", "--quiet").Expect(0);
        }

        world.Do("echo last > docs/text");
        history.Capture();
    }

    private static void MuchToClean(World world, History history)
    {
        world.Run("milestone", "first").Expect(0);
        for (var i = 0; i < 20; i++)
        {
            world.Do($"for j in 0 1 2 3 4 5 6 7 8 9; do seq {i} $((300 + j)) > src/file-$j; done");
            world.Run("capture", "--quiet").Expect(0);
        }

        ThirdState(world, history);
        world.Run("milestone", "second").Expect(0);
        world.Run("unlabel", "second").Expect(0);
    }

    /// <summary>A client's whole session, sent at once.</summary>
    private static string McpEdits(int count)
    {
        var messages = new List<JsonObject>
        {
            new() { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "initialize", ["params"] = new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject(), ["clientInfo"] = new JsonObject { ["name"] = "crash", ["version"] = "1" } } },
            new() { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" },
        };
        messages.AddRange(Enumerable.Range(0, count).Select(i => new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 10 + i,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = "apply_whole_file_edit", ["arguments"] = new JsonObject { ["path"] = $"edited-{i}", ["content"] = $"edit {i}\n" } },
        }));
        return string.Concat(messages.Select(message => message.ToJsonString() + "\n"));
    }
}
