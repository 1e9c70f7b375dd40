using System.Diagnostics;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Bench.Spec;

/// <summary>Whether processes that stay let go of what they took, and do not grow.</summary>
internal sealed class MemoryPart(SpecTree tree, SpecSize size, SnapshotManager manager, SpecReport report)
{
    private const int Operations = 1000; // as many as L2 holds of a session
    private const int Tenths = 10;
    private const double CleanUpMilliseconds = 500; // seed
    private const double ReturnedShare = 1.1; // "returns" is within a tenth

    // 'mcp' looks each ten seconds whether there is memory to give back.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync()
    {
        await EditAsync();
        CleanUp();
        await ReturnAsync();
        if (size.Name == "medium")
        {
            Stay();
        }
    }

    private async Task EditAsync()
    {
        for (var i = 0; i < Math.Min(Operations, size.Rounds); i++)
        {
            var file = tree.Any();
            var edit = await manager.BeginEditAsync([file.Path], new CaptureContext { Actor = new Actor("bench", "memory") });
            file.Edit(tree.Text);
            await edit.CommitAsync();
        }
    }

    private void CleanUp()
    {
        var (baseline, rounds) = CleanUpRounds.Run(tree, size.Effort.CleanUps);
        var failures = rounds.Select((round, i) => (round.Milliseconds, round.Megabytes, Number: i))
            .Where(round => round.Milliseconds >= CleanUpMilliseconds || round.Megabytes > baseline * ReturnedShare)
            .Select(round => FormattableString.Invariant($"round {round.Number}: {round.Milliseconds:0.0} ms, {round.Megabytes:0.0} MB"));
        report.Set($"cleanup-time-{size.Name}", Samples.Of(rounds.Select(round => round.Milliseconds)));
        report.SetSuccess($"cleanup-success-{size.Name}", rounds.Count, [.. failures], FormattableString.Invariant($"{baseline:0.0} MB after opening, {rounds.Max(round => round.Megabytes):0.0} MB at most after a clean-up"));
    }

    /// <summary>A native server is opened, shows many operations, rests, and is looked at.</summary>
    private async Task ReturnAsync()
    {
        var (left, what) = (new Samples(), "");
        for (var i = 0; i < size.Effort.Returns; i++)
        {
            using var server = new McpProcess(tree);
            server.Call("history", """{"limit":1}""");
            await Task.Delay(Pause); // what it decodes ahead is part of opening
            var (opened, most) = (server.Megabytes, 0.0);
            var head = manager.Head!.Value.Value;
            for (var number = head; number > Math.Max(1, head - Operations); number--)
            {
                server.Call("show", $$"""{"revision":"{{number}}"}""");
                most = number % Tenths == 0 ? Math.Max(most, server.Megabytes) : most;
            }

            var after = await RestedAsync(server, opened * ReturnedShare);
            left.Add(100 * after / opened);
            what = FormattableString.Invariant($"{opened:0.0} MB after opening, {most:0.0} MB at work, {after:0.0} MB after it");
        }

        report.Set($"cleanup-return-{size.Name}", left.Values.Max(), left, what);
    }

    /// <summary>What a server holds once it has cleaned up, or has had the time to.</summary>
    private static async Task<double> RestedAsync(McpProcess server, double enough)
    {
        var started = Stopwatch.GetTimestamp();
        while (server.Megabytes > enough && Stopwatch.GetElapsedTime(started) < Rest)
        {
            await Task.Delay(Pause);
        }

        return server.Megabytes;
    }

    /// <summary>A native server writes and undoes without a pause.</summary>
    private void Stay()
    {
        using var server = new McpProcess(tree);
        var memory = new Samples();
        for (var i = 0; i < size.Effort.ServerCalls / 2; i++)
        {
            var file = tree.Any();
            file.EditInMemory(tree.Text);
            server.Call("apply_whole_file_edit", $$"""{"path":{{Quoted(file.Path.ToString())}},"content":{{Quoted(System.Text.Encoding.UTF8.GetString(file.Bytes))}}}""");
            if (i % 2 == 0)
            {
                server.Call("undo", "{}");
                file.WasTurned();
            }

            memory.Add(server.Megabytes);
        }

        var tenth = memory.Count / Tenths;
        var (early, late) = (Samples.Of(memory.Values.Skip(tenth).Take(tenth)), Samples.Of(memory.Values.TakeLast(tenth)));
        report.Set("memory-stability", 100 * late.P50 / early.P50, memory, FormattableString.Invariant($"{early.P50:0.0} MB early, {late.P50:0.0} MB late; p50 and p99 are in MB; {memory.Count:N0} edits, every other one undone: a long session's work, not 24 hours"));
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
