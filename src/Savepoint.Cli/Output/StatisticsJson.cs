using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>What a store recorded about itself, as the answer of <c>stats</c>.</summary>
internal static class StatisticsJson
{
    public static void WriteMembers(Utf8JsonWriter json, StoreStatistics statistics)
    {
        WriteAll(json, "speeds", statistics.Speeds, speed =>
        {
            json.WriteString("kind", JsonNames.Of(speed.Kind));
            json.WriteNumber("n", speed.Count);
            json.WriteNumber("p50Ms", Milliseconds(speed.Median));
            json.WriteNumber("p99Ms", Milliseconds(speed.Percentile99));
        });
        WriteAll(json, "operations", statistics.Outcomes, outcome =>
        {
            json.WriteString("operation", outcome.Operation);
            json.WriteNumber("done", outcome.Done);
            json.WriteNumber("failed", outcome.Failed);
            json.WriteNumber("successRate", Rounded((double)outcome.Done / (outcome.Done + outcome.Failed)));
        });
        WriteContents(json, statistics);
        json.WriteStartObject("store");
        json.WriteNumber("bytes", statistics.StoreBytes);
        json.WriteNumber("logBytes", statistics.LogBytes);
        json.WriteEndObject();
        WriteCache(json, statistics.ContentCache);
        json.WriteNumberOrNull("peakMemoryBytes", statistics.PeakMemoryBytes);
        WriteAll(json, "workers", statistics.Workers, worker =>
        {
            json.WriteString("worker", worker.Worker);
            json.WriteNumber("done", worker.Done);
            json.WriteNumber("queued", worker.Queued);
            json.WriteNumber("waited", worker.Waited);
            json.WriteNumber("failed", worker.Failed);
        });
    }

    private static void WriteContents(Utf8JsonWriter json, StoreStatistics statistics)
    {
        var sum = ContentSum.Of(statistics);
        json.WriteStartObject("contents");
        json.WriteNumber("count", sum.Count);
        json.WriteNumber("rawBytes", sum.RawBytes);
        json.WriteNumber("storedBytes", sum.StoredBytes);
        WriteRatio(json, sum.Ratio);
        WriteAll(json, "methods", statistics.Contents, method =>
        {
            json.WriteString("method", method.Method);
            json.WriteNumber("count", method.Count);
            json.WriteNumber("rawBytes", method.RawBytes);
            json.WriteNumber("storedBytes", method.StoredBytes);
        });
        json.WriteNumber("packs", statistics.PackCount);
        json.WriteEndObject();
    }

    private static void WriteCache(Utf8JsonWriter json, HitStatistics? cache)
    {
        if (cache is null)
        {
            json.WriteNull("contentCache");
            return;
        }

        json.WriteStartObject("contentCache");
        json.WriteNumber("hits", cache.Hits);
        json.WriteNumber("misses", cache.Misses);
        json.WriteNumber("hitRate", Rounded((double)cache.Hits / Math.Max(1, cache.Hits + cache.Misses)));
        json.WriteEndObject();
    }

    private static void WriteRatio(Utf8JsonWriter json, double? ratio)
    {
        if (ratio is { } known)
        {
            json.WriteNumber("ratio", Rounded(known));
        }
        else
        {
            json.WriteNull("ratio");
        }
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> writeMembers)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            writeMembers(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static double Rounded(double share) => Math.Round(share, 6);
}
