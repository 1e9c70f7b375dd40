using System.Text.Json;

namespace Savepoint.Checking.Reading;

/// <summary>Benchmark results in JSON: BenchmarkDotNet's full report, and hyperfine's.</summary>
internal static class BenchmarkReports
{
    /// <summary>Adds what the document says; a document of another form adds nothing.</summary>
    public static void Read(JsonElement document, FigureTally tally)
    {
        foreach (var benchmark in document.Items("Benchmarks"))
        {
            var statistics = benchmark.Member("Statistics");
            if ((benchmark.Text("FullName") ?? benchmark.Text("DisplayInfo")) is { } name && statistics.Number("Mean") is { } mean)
            {
                tally.Add(name, mean, "ns", statistics.Number("N") is <= 1 ? null : statistics.Number("StandardDeviation")); // of one run it says 0
                if (benchmark.Member("Memory").Number("BytesAllocatedPerOperation") is { } allocated)
                {
                    tally.Add($"{name} allocated", allocated, "B");
                }
            }
        }

        foreach (var result in document.Items("results"))
        {
            if (result.Text("command") is { } command && result.Number("mean") is { } mean)
            {
                tally.Add(command, mean, "s", result.Number("stddev"));
            }
        }
    }
}
