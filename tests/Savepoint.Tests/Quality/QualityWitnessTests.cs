using System.Formats.Tar;
using System.Globalization;
using Savepoint.Model;
using Savepoint.Quality;
using Xunit;
using ZstdSharp;

namespace Savepoint.Tests.Quality;

/// <summary>
/// Real sources, and what other programs count in them (tests/data/quality): Roslyn's code metrics in our own library, ESLint
/// in express, lodash and what they use. Functions are matched by where they begin.
/// </summary>
public sealed class QualityWitnessTests
{
    private const int LeastComplexity = 3;

    [Theory]
    [InlineData("csharp", 300)]
    [InlineData("javascript", 300)]
    public void Complexity_agrees_with_the_witness_on_real_code(string name, int atLeast)
    {
        var witness = Witness(name).Where(function => function.Complexity >= LeastComplexity).ToList();
        var ours = Measured(name);

        var differences = witness.Where(function => !Agrees(function, ours)).ToList();

        Assert.True(witness.Count >= atLeast, $"The witness has only {witness.Count} functions.");
        var report = $"{name}: {differences.Count} of {witness.Count} differ:\n{string.Join('\n', differences.Select(function => $"{function.File}:{function.Line} {function.Name} {function.Complexity}, ours {string.Join('/', Near(function, ours).Select(near => $"{near.Name} {near.Complexity} at {near.Line}"))}"))}";
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.True(differences.Count <= 0.05 * witness.Count, report);
    }

    /// <summary>Whether a function that begins on that line has that complexity; several may begin on one.</summary>
    private static bool Agrees(WitnessFunction function, ILookup<string, FunctionMetrics> ours) => Near(function, ours).Any(near => near.Complexity == function.Complexity);

    // The witness names the line of the name, we that of the first modifier, which may stand on the line before.
    private static IEnumerable<FunctionMetrics> Near(WitnessFunction function, ILookup<string, FunctionMetrics> ours) =>
        ours[function.File].Where(candidate => candidate.Line <= function.Line && function.Line - candidate.Line <= 2)
            .GroupBy(candidate => candidate.Line).OrderByDescending(group => group.Key).FirstOrDefault() ?? Enumerable.Empty<FunctionMetrics>();

    private static List<WitnessFunction> Witness(string name) =>
    [
        .. File.ReadLines(Path.Combine(TestData.Directory(), "quality", $"{name}.tsv")).Select(line => line.Split('\t'))
            .Select(parts => new WitnessFunction(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture), parts[3])),
    ];

    private static ILookup<string, FunctionMetrics> Measured(string name)
    {
        var measured = new List<(string File, FunctionMetrics Function)>();
        using var archive = new TarReader(new DecompressionStream(File.OpenRead(Path.Combine(TestData.Directory(), "quality", $"{name}.tar.zst"))));
        while (archive.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.EntryType != TarEntryType.RegularFile)
            {
                continue;
            }

            var file = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            measured.AddRange(QualityAnalyzer.Measure(WorkspacePath.Parse(file), content.ToArray()).Select(function => (file, function)));
        }

        return measured.ToLookup(pair => pair.File, pair => pair.Function);
    }

    private sealed record WitnessFunction(string File, int Line, int Complexity, string Name);
}
