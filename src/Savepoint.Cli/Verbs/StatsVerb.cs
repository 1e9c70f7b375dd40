using System.Globalization;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>stats</c>: what the store recorded about itself.</summary>
internal sealed class StatsVerb() : Verb("stats", "Show speeds, ratios, hit rates and success rates, as recorded on this store.")
{
    public override IReadOnlyList<string> Examples => ["savepoint stats", "savepoint stats --json"];

    public override string Details => """
        Speeds are of the newest 20,000 snapshots, from beginning to commit; success rates and contents are of the whole
        history. What was never measured is not shown, and null in JSON.
        """;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
        var statistics = workspace.Statistics();
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                StatisticsJson.WriteMembers(json, statistics);
                LayerJson.WriteAll(json, workspace.Layers(), statistics.LayerLookups);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        ShowOperations(invocation.Terminal, statistics);
        ShowContents(invocation.Terminal, statistics);
        ShowLayers(invocation.Terminal, workspace.Layers(), statistics.LayerLookups);
        ShowProcesses(invocation.Terminal, statistics);
        return ExitCode.Done;
    }

    private static void ShowLayers(Terminal terminal, IReadOnlyList<LayerUse> layers, LayerLookups? lookups)
    {
        terminal.Line("Layer              count      bytes");
        foreach (var layer in layers)
        {
            terminal.Line($"  {layer.Layer,-12}{layer.Count,10:N0} {Quantity.Bytes(layer.SizeBytes),10}");
        }

        if (lookups is not null)
        {
            terminal.Line(Row($"Lookups     {lookups.L1:N0} in L1, {lookups.L2:N0} in L2, {lookups.Below:N0} below: {LayerText.HitRate(lookups):P1} in memory"));
        }
    }

    private static void ShowOperations(Terminal terminal, StoreStatistics statistics)
    {
        terminal.Line("Speed                  n        p50        p99");
        foreach (var speed in statistics.Speeds)
        {
            terminal.Line(Row($"  {JsonNames.Of(speed.Kind),-12}{speed.Count,10:N0} {Quantity.Duration(speed.Median),10} {Quantity.Duration(speed.Percentile99),10}"));
        }

        terminal.Line("Outcome             done     failed");
        foreach (var outcome in statistics.Outcomes)
        {
            terminal.Line(Row($"  {outcome.Operation,-12}{outcome.Done,10:N0} {outcome.Failed,10:N0}"));
        }
    }

    private static void ShowContents(Terminal terminal, StoreStatistics statistics)
    {
        var sum = ContentSum.Of(statistics);
        terminal.Line("Contents           count        raw     stored");
        foreach (var method in statistics.Contents)
        {
            terminal.Line(Row($"  {method.Method,-12}{method.Count,10:N0} {Quantity.Bytes(method.RawBytes),10} {Quantity.Bytes(method.StoredBytes),10}"));
        }

        terminal.Line(Row($"  {"all",-12}{sum.Count,10:N0} {Quantity.Bytes(sum.RawBytes),10} {Quantity.Bytes(sum.StoredBytes),10}{(sum.Ratio is { } ratio ? $"   1 : {1 / ratio:0.0}" : "")}"));
        terminal.Line($"Store       {Quantity.Bytes(statistics.StoreBytes)} on disk, of them {Quantity.Bytes(statistics.LogBytes)} write-ahead log");
    }

    private static void ShowProcesses(Terminal terminal, StoreStatistics statistics)
    {
        if (statistics.ContentCache is { } cache)
        {
            terminal.Line(Row($"Cache       {cache.Hits:N0} hits, {cache.Misses:N0} misses: {(double)cache.Hits / Math.Max(1, cache.Hits + cache.Misses):P1}"));
        }

        if (statistics.PeakMemoryBytes is { } peak)
        {
            terminal.Line($"Memory      {Quantity.Bytes(peak)} at most, in a process that stays");
        }

        if (statistics.Workers.Count > 0)
        {
            terminal.Line("Worker              done     queued     waited     failed");
        }

        foreach (var worker in statistics.Workers)
        {
            terminal.Line(Row($"  {worker.Worker,-12}{worker.Done,10:N0} {worker.Queued,10:N0} {worker.Waited,10:N0} {worker.Failed,10:N0}"));
        }
    }

    private static string Row(FormattableString row) => row.ToString(CultureInfo.InvariantCulture);
}
