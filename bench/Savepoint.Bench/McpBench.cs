using System.Diagnostics;
using System.Text.Json;

namespace Savepoint.Bench;

/// <summary>The MCP server: from its start to its first answer, and calls of tools in a warm one, on a tree of 1,000 files with 200 edits behind it.</summary>
internal static class McpBench
{
    private const int Edits = 200;
    private const int Starts = 40;
    private const int Calls = 500;

    private const string Initialize = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""";

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        await using (var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager)
        {
            for (var i = 0; i < Edits; i++)
            {
                tree.Edit(i);
                await manager.CaptureAsync([tree.Files[i].Path]);
            }
        }

        var (start, first, history, undo) = (new Samples(), new Samples(), new Samples(), new Samples());
        for (var i = 0; i < Starts; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var fresh = Start(tree);
            Ask(fresh, Initialize);
            start.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Ask(fresh, Call("history", "{}"));
            first.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            fresh.StandardInput.Close();
            fresh.WaitForExit();
        }

        using var server = Start(tree);
        Ask(server, Initialize);
        for (var i = 0; i < Calls; i++)
        {
            history.Measure(() => Ask(server, Call("history", "{}")));
            undo.Measure(() => Ask(server, Call("undo", "{}")));
            Ask(server, Call("redo", "{}"));
        }

        server.StandardInput.Close();
        server.WaitForExit();
        return
        [
            new("mcp: from start to the first answer, p99", start.P99, 150, "ms", $"p50 {start.P50:0.0} ms; to the first history p50 {first.P50:0.0}, p99 {first.P99:0.0} ms; n = {start.Count}"),
            new("mcp: a call of history, p99", history.P99, 20, "ms", $"p50 {history.P50:0.00} ms, n = {history.Count}"),
            new("mcp: a call of undo, p99", undo.P99, 20, "ms", $"p50 {undo.P50:0.00} ms, n = {undo.Count}"),
        ];
    }

    private static Process Start(ScratchTree tree)
    {
        var start = new ProcessStartInfo(Shell.Savepoint, ["mcp"]) { WorkingDirectory = tree.Root, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = tree.Home;
        start.Environment["SAVEPOINT_HOME"] = tree.StoreHome;
        return Process.Start(start)!;
    }

    private static string Call(string tool, string arguments) => $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";

    private static void Ask(Process server, string message)
    {
        server.StandardInput.Write(message + "\n");
        server.StandardInput.Flush();
        using var answer = JsonDocument.Parse(server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server ended."));
        if (!answer.RootElement.TryGetProperty("result", out var result) || (result.TryGetProperty("isError", out var failed) && failed.GetBoolean()))
        {
            throw new InvalidOperationException($"The server answered {answer.RootElement}.");
        }
    }
}
