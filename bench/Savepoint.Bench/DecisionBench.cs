using System.Globalization;
using System.Text;
using Savepoint.Model;
using Savepoint.Policies;
using Savepoint.Quality;

namespace Savepoint.Bench;

/// <summary>
/// What deciding costs: of a check with ten thousand tests of which a thousand fail; at a capture of one path, with the policies
/// on and off in turn; and what measuring a changed file of 1,000 lines takes.
/// </summary>
internal static class DecisionBench
{
    private const int Rounds = 1_000;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var tree = new ScratchTree(files: 1000, fileBytes: 10_000);
        await using var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options with { Policies = new PolicyOptions() })).Manager;
        await using var plain = await SnapshotManager.OpenAsync(tree.Root, tree.Options);
        var (judged, unjudged) = (new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            await EditAsync(tree, manager, judged);
            await EditAsync(tree, plain, unjudged);
        }

        var check = Check();
        var deciding = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            deciding.Measure(() => new SnapshotDecisionEngine(new PolicyOptions()).Decide(check));
        }

        var measuring = Measure();
        return
        [
            new("deciding about a check, p99", deciding.P99, 1, "ms", $"{P50(deciding)}, {Processor(deciding)}; n = {Rounds}, 1,000 tests newly failing"),
            new("capture of one path, policies on, p99", judged.P99, 1, "ms", $"{P50(judged)}; n = {Rounds}; off {unjudged.P99.ToString("0.000", CultureInfo.InvariantCulture)}, {P50(unjudged)}"),
            new("measuring a changed file of 1,000 lines, p99", measuring.P99, 20, "ms", $"{P50(measuring)}, {Processor(measuring)}; n = {measuring.Count}, before and after"),
        ];
    }

    private static string Processor(Samples samples) => $"processor time {samples.Processor.ToString("0.000", CultureInfo.InvariantCulture)}";

    private static string P50(Samples samples) => $"p50 {samples.P50.ToString("0.000", CultureInfo.InvariantCulture)}";

    private static async Task EditAsync(ScratchTree tree, SnapshotManager manager, Samples samples)
    {
        var file = tree.Text.Next(tree.Files.Count);
        tree.Edit(file);
        await samples.MeasureAsync(() => manager.CaptureAsync([tree.Files[file].Path]));
    }

    private static CheckSignals Check() => new()
    {
        Snapshot = new SnapshotNumber(20),
        Build = BuildResult.Passed,
        Tests = new TestSignals(false, true, 9_000, 1_000, [.. Enumerable.Range(0, 1_000).Select(index => $"Some.Name.Space.OfTests.Test_number_{index}")], 3_000),
        TestedStates = [new RollbackTarget(new SnapshotNumber(18), false)],
        PassedBefore = true,
    };

    private static Samples Measure()
    {
        var text = new StringBuilder("class Large\n{\n");
        for (var function = 0; function < 100; function++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    /// <summary>Number {function}.</summary>\n    int Function{function}(int x)\n    {{\n        if (x > {function} && x < 9000)\n        {{\n            x = x == 1 ? 2 : $\"{{x}} of {function}\".Length;\n        }}\n        return x;\n    }}\n\n");
        }

        var before = Encoding.UTF8.GetBytes(text.Append("}\n").ToString());
        var after = Encoding.UTF8.GetBytes(text.Replace("x > 50", "x > 50 || x < 3").ToString());
        var contents = new Dictionary<ContentId, byte[]> { [ContentId.Of(before)] = before, [ContentId.Of(after)] = after };
        var change = new FileChange(WorkspacePath.Parse("src/Large.cs"), State(before), State(after));
        var samples = new Samples();
        for (var round = 0; round < 300; round++)
        {
            samples.Measure(() => _ = QualityAnalyzer.Compare([change], new Contents(contents)).Count == 1 ? 1 : throw new InvalidOperationException("One function changed."));
        }

        return samples;
    }

    private static FileState.Regular State(byte[] bytes) => new(new UnixMode(0b110_100_100), ContentId.Of(bytes), bytes.Length);

    private sealed class Contents(Dictionary<ContentId, byte[]> contents) : IContentSource
    {
        public byte[] Read(ContentId id) => contents[id];

        public void CopyTo(ContentId id, Stream destination) => destination.Write(contents[id]);
    }
}
