using System.Text.Json;
using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>The document of bench/spec, which the build puts beside these tests: its shape, with nothing measured.</summary>
public sealed class SpecDocumentTests
{
    [Fact]
    public async Task Every_row_has_a_name_of_its_own_a_target_a_goal_and_a_reason_for_what_was_not_measured()
    {
        using var scratch = new Scratch();
        var output = await scratch.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "Savepoint.Bench.dll"), "spec", "--json", "--without-measuring"], scratch.Path);

        using var document = JsonDocument.Parse(output);
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().ToList();
        var names = rows.ConvertAll(row => row.GetProperty("name").GetString()!);
        Assert.True(rows.Count >= 30);
        Assert.Equal(names, names.Distinct());
        Assert.All(["small", "medium", "large"], size => Assert.Contains(names, name => name.EndsWith(size, StringComparison.Ordinal)));
        Assert.All(rows, row =>
        {
            Assert.All(["seedTarget", "unit", "command", "why"], field => Assert.NotEqual("", row.GetProperty(field).GetString()));
            Assert.Equal(JsonValueKind.Number, row.GetProperty("goal").ValueKind);
            Assert.Contains(row.GetProperty("comparison").GetString(), (string[])["<=", ">="]);
            Assert.All(["measured", "p50", "p99"], field => Assert.Equal(JsonValueKind.Null, row.GetProperty(field).ValueKind));
            Assert.Equal(0, row.GetProperty("n").GetInt32());
            Assert.False(row.GetProperty("met").GetBoolean());
        });
    }
}
