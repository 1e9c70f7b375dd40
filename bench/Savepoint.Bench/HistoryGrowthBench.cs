using System.Globalization;

namespace Savepoint.Bench;

/// <summary>
/// Whether operations on a history slow down with its length: one history, copied at several lengths, and the copies
/// measured in turn, so that the machine's moods meet all alike.
/// </summary>
internal static class HistoryGrowthBench
{
    private const int WarmUpRounds = 50;
    private const int Rounds = 400;
    private const int ProcessRounds = 20;
    private const double MaxSlowdown = 1.5;

    /// <summary>From 1,000 operations to this many, by powers of ten.</summary>
    public static async Task<IReadOnlyList<Row>> RunAsync(long longest)
    {
        await using var history = new GrowingHistory();
        var copies = new List<GrownCopy>();
        for (long length = 1000; length <= longest; length *= 10)
        {
            await history.GrowToAsync(length);
            copies.Add(await history.CopyAsync());
            Console.Error.WriteLine($"growth-history: {length:N0} operations made");
        }

        for (var round = 0; round < WarmUpRounds + Rounds; round++)
        {
            foreach (var copy in copies)
            {
                await copy.EditAsync(isMeasured: round >= WarmUpRounds);
            }
        }

        for (var round = 0; round < ProcessRounds; round++)
        {
            foreach (var copy in copies)
            {
                await copy.AskAsync();
            }
        }

        Print(copies);
        var rows = Compare(copies[0], copies[^1]);
        foreach (var copy in copies)
        {
            await copy.DisposeAsync();
        }

        return rows;
    }

    private static void Print(List<GrownCopy> copies)
    {
        Console.WriteLine("operations  capture p50 · p99     undo p50 · p99     open p50  log -n 10  status   store, bytes an operation");
        foreach (var copy in copies)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{copy.Count,10:N0}  {copy.Capture.P50,6:0.00} · {copy.Capture.P99,5:0.00} ms  {copy.Undo.P50,6:0.00} · {copy.Undo.P99,5:0.00} ms  {copy.Open.P50,5:0.0} ms  {copy.Log.P50,6:0.0} ms  {copy.Status.P50,6:0.0} ms  {copy.StoreBytes / copy.Count,8:N0}"));
        }
    }

    private static IReadOnlyList<Row> Compare(GrownCopy shortest, GrownCopy longest)
    {
        var detail = $"n = {longest.Capture.Count} each, in turn; 1,000 files of 10 KB";
        return
        [
            new($"capture after {longest.Count:N0} operations, p50", longest.Capture.P50 / shortest.Capture.P50, MaxSlowdown, "×", $"to that after {shortest.Count:N0}; {detail}"),
            new($"undo after {longest.Count:N0} operations, p50", longest.Undo.P50 / shortest.Undo.P50, MaxSlowdown, "×", $"to that after {shortest.Count:N0}; {detail}"),
        ];
    }
}
