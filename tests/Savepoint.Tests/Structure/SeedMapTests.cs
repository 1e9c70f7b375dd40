using System.Text.RegularExpressions;
using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Holds docs/seed-map.md against the seed's names (seed-names.txt) and against the code.</summary>
public sealed class SeedMapTests
{
    private static readonly string[] Statuses = ["built", "untested", "otherwise", "not yet"];
    private static readonly HashSet<string> Types =
        [.. typeof(SnapshotManager).Assembly.GetTypes().Select(type => type.Name), .. Declared("bench", "class"), .. Declared("src", "class|record|record struct|enum|interface")];

    private static readonly string BenchRows = Repository.Read("bench/Savepoint.Bench/Spec/SpecRows.cs");

    /// <summary>All tests, as <c>Class.Method</c>.</summary>
    internal static readonly HashSet<string> Tests = [.. Repository.SourceFiles("tests").SelectMany(TestsIn)];

    [Fact]
    public void Every_name_and_number_of_the_seed_has_a_row()
    {
        var names = File.ReadAllLines(Repository.At("tests/Savepoint.Tests/Structure/seed-names.txt"));
        var mapped = SeedMapRow.Parse(Repository.Read("docs/seed-map.md")).SelectMany(row => row.Names).ToHashSet();

        Assert.True(names.Length > 250);
        Assert.Empty(names.Except(mapped));
    }

    [Fact]
    public void No_name_has_two_rows()
    {
        Assert.Empty(SeedMapRow.Parse(Repository.Read("docs/seed-map.md")).SelectMany(row => row.Names).GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void What_a_row_claims_exists()
    {
        Assert.Empty(SeedMapRow.Parse(Repository.Read("docs/seed-map.md")).SelectMany(Problems));
    }

    [Theory]
    [InlineData("| `x` | built | `Nonesuch` | src/Savepoint/SnapshotManager.cs | `SeedMapTests.What_a_row_claims_exists` |", "no type Nonesuch")]
    [InlineData("| `x` | built | `SnapshotManager` | src/Nonesuch.cs | `SeedMapTests.What_a_row_claims_exists` |", "no file src/Nonesuch.cs")]
    [InlineData("| `x` | built | `SnapshotManager` | src/Savepoint/SnapshotManager.cs | `SeedMapTests.Nonesuch` |", "no test SeedMapTests.Nonesuch")]
    [InlineData("| `x` | built | `SnapshotManager` | src/Savepoint/SnapshotManager.cs | |", "no test")]
    [InlineData("| `x` | built | `SnapshotManager`, measured as `no-such-row` | src/Savepoint/SnapshotManager.cs | `SeedMapTests.What_a_row_claims_exists` |", "no row no-such-row of bench/spec")]
    [InlineData("| `x` | untested | nothing | src/Savepoint/SnapshotManager.cs | |", "names no type")]
    [InlineData("| `x` | not yet | some day | | |", "names no issue")]
    [InlineData("| `x` | done | | | |", "unknown status done")]
    public void A_row_that_claims_too_much_is_found(string row, string problem)
    {
        Assert.Equal(["x: " + problem], SeedMapRow.Parse(row).SelectMany(Problems));
    }

    private static IEnumerable<string> Problems(SeedMapRow row)
    {
        var problems = row.Status switch
        {
            "not yet" => row.Where.StartsWith("issue: ", StringComparison.Ordinal) ? [] : ["names no issue"],
            _ when !Statuses.Contains(row.Status) => [$"unknown status {row.Status}"],
            _ => ProblemsOfCode(row),
        };
        return problems.Select(problem => $"{row.Names[0]}: {problem}");
    }

    private static IEnumerable<string> ProblemsOfCode(SeedMapRow row)
    {
        if (!row.Types.Any())
        {
            yield return "names no type";
        }

        foreach (var type in row.Types.Where(type => !Types.Contains(type)))
        {
            yield return $"no type {type}";
        }

        foreach (var name in row.BenchRows.Where(name => !BenchRows.Contains($"\"{name}\"", StringComparison.Ordinal)))
        {
            yield return $"no row {name} of bench/spec";
        }

        if (!File.Exists(Repository.At(row.File)))
        {
            yield return $"no file {row.File}";
        }

        if (row.Test.Length == 0 ? row.Status == "built" : !Tests.Contains(row.Test))
        {
            yield return $"no test {row.Test}".TrimEnd();
        }
    }

    private static IEnumerable<string> Declared(string folder, string kinds) =>
        Repository.SourceFiles(folder).SelectMany(file => Regex.Matches(File.ReadAllText(file), $@"\b(?:{kinds}) (\w+)").Select(match => match.Groups[1].Value));

    /// <summary>The tests of a file, as <c>Class.Method</c>: methods under [Fact] or [Theory], of the last class declared before them.</summary>
    private static IEnumerable<string> TestsIn(string file)
    {
        var source = File.ReadAllText(file);
        var classes = Regex.Matches(source, @"\bclass (\w+)");
        foreach (Match test in Regex.Matches(source, @"\[(?:Fact|Theory)[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public (?:async )?\w+ (\w+)\("))
        {
            yield return $"{classes.Last(declared => declared.Index < test.Index).Groups[1].Value}.{test.Groups[1].Value}";
        }
    }
}
