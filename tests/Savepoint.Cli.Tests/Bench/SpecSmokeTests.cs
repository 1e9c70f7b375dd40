using System.Text.Json;

namespace Savepoint.Cli.Tests.Bench;

/// <summary>Each part of bench/spec, at its smallest: its rows are measured, and what must be exact is.</summary>
public sealed class SpecSmokeTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    [Theory]
    [InlineData("disk")]
    [InlineData("milestones")]
    [InlineData("edits")]
    [InlineData("layers")]
    [InlineData("watch")]
    [InlineData("memory")]
    [InlineData("compression")]
    [InlineData("rollback")]
    [InlineData("cycles")]
    public void Every_row_of_a_part_is_measured(string part)
    {
        var environment = new Dictionary<string, string?>(_workspace.Environment)
        {
            ["SAVEPOINT_BENCH_COMMAND"] = Executable.File,
            ["SAVEPOINT_BENCH_RAW"] = Path.Combine(_workspace.Scratch, "raw"),
            ["SAVEPOINT_BENCH_TREE"] = null,
        };
        var run = Executable.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "Savepoint.Bench.dll"), "spec", "--json", "--smoke", part], _workspace.Root, environment).Expect(0);

        using var document = JsonDocument.Parse(run.Output);
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().Where(row => row.GetProperty("command").GetString()!.EndsWith(' ' + part)).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.True(row.GetProperty("measured").ValueKind == JsonValueKind.Number && row.GetProperty("n").GetInt32() > 0, $"{row} {run.Error}"));
        Assert.All(rows.Where(row => IsSuccess(row) && !IsTimed(row)), row => Assert.Equal(100, row.GetProperty("measured").GetDouble()));
        Assert.All(rows.Where(row => IsSuccess(row) || row.GetProperty("name").GetString() == "error-rate"), row =>
        {
            // So few say nothing of a rate, however well they went.
            Assert.Equal(10_000, row.GetProperty("leastN").GetInt32());
            Assert.False(row.GetProperty("met").GetBoolean());
            Assert.Contains($"n = {row.GetProperty("n").GetInt32()}, and 10,000 are asked for", row.GetProperty("why").GetString(), StringComparison.Ordinal);
        });
    }

    private static bool IsSuccess(JsonElement row) => row.GetProperty("unit").GetString() == "%" && row.GetProperty("goal").GetDouble() == 100;

    // A clean-up that takes too long has not succeeded, and on a busy machine one may.
    private static bool IsTimed(JsonElement row) => row.GetProperty("name").GetString()!.StartsWith("cleanup-success", StringComparison.Ordinal);

    public void Dispose() => _workspace.Dispose();
}
