namespace Savepoint.Bench.Spec;

/// <summary>The whole of <c>bench/spec</c>: sizes one after another, on each the parts in turn.</summary>
internal static class SpecRun
{
    /// <summary>Measures and prints. Arguments: <c>--json</c>, <c>--quick</c> or <c>--smoke</c>, <c>--without-measuring</c>, names of parts.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var known = SpecRows.All.Select(row => row.Part).ToHashSet(StringComparer.Ordinal);
        if (!Arguments.AreKnown(arguments, ["--json", "--quick", "--smoke", "--without-measuring", .. known]))
        {
            return 2;
        }

        var sizes = arguments.Contains("--smoke") ? SpecSize.Smoke : arguments.Contains("--quick") ? SpecSize.Quick : SpecSize.Full;
        var parts = arguments.Where(argument => !argument.StartsWith('-')).ToHashSet(StringComparer.Ordinal);
        var rawDirectory = Path.GetFullPath(Environment.GetEnvironmentVariable("SAVEPOINT_BENCH_RAW") ?? Path.Combine("out", "spec"));
        var report = new SpecReport(rawDirectory);
        if (arguments.Contains("--without-measuring"))
        {
            known.ToList().ForEach(part => report.Explain(part, "not measured: --without-measuring"));
        }
        else
        {
            await MeasureAsync(report, sizes, part => parts.Count == 0 || parts.Contains(part));
            await Console.Error.WriteLineAsync($"spec: raw samples are in {rawDirectory}");
        }

        known.ToList().ForEach(part => report.Explain(part, "not measured: left out, or it failed; standard error says"));
        Print(report, arguments.Contains("--json"));
        return 0;
    }

    private static async Task MeasureAsync(SpecReport report, IReadOnlyList<SpecSize> sizes, Predicate<string> isWanted)
    {
        var (operations, failed) = (0, 0);
        foreach (var size in sizes)
        {
            await Console.Error.WriteLineAsync($"spec: {size.Name}, {size.Files:N0} files");
            using var tree = new SpecTree(size);
            await using var manager = (await SnapshotManager.InitAsync(tree.Root, tree.Options)).Manager;
            await PartAsync("milestones", () => new MilestonesPart(tree, size, manager, report).RunAsync());
            await PartAsync("edits", async () =>
            {
                var edits = new EditsPart(tree, size, manager, report);
                await edits.RunAsync();
                operations += edits.Operations.Count;
                failed += edits.Operations.Failed;
            });
            await PartAsync("layers", () => new LayersPart(tree, size, manager, report).RunAsync());
            await PartAsync("watch", () => new WatchPart(tree, size, manager, report).RunAsync());
            await PartAsync("memory", () => new MemoryPart(tree, size, manager, report).RunAsync());
            await PartAsync("compression", () => new CompressionPart(tree, size, manager, report).RunAsync());
            await PartAsync("rollback", () => new RollbackPart(tree, size, manager, report).RunAsync());
            if (size.Name == "medium")
            {
                await PartAsync("cycles", () => Task.Run(() => new CyclesPart(tree, size, manager, report).RunAsync()));
            }
        }

        // Last, since git's most thorough packing takes longest; on projects of its own, since a clean-up packs what others read.
        foreach (var size in sizes)
        {
            await PartAsync("disk", () => DiskPart.RunAsync(size, report));
        }

        if (operations > 0)
        {
            report.Set("error-rate", 100.0 * failed / operations, operations);
        }

        // A part that breaks costs its rows, which then say so, and nothing else.
        async Task PartAsync(string name, Func<Task> run)
        {
            if (!isWanted(name))
            {
                return;
            }

            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            try
            {
                await run();
                await Console.Error.WriteLineAsync($"spec:   {name}, {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or Model.SavepointException)
            {
                await Console.Error.WriteLineAsync($"spec:   {name} failed: {e}");
            }
        }
    }

    private static void Print(SpecReport report, bool isJson)
    {
        if (isJson)
        {
            using var output = Console.OpenStandardOutput();
            report.WriteJson(output);
            output.Write("\n"u8);
        }
        else
        {
            report.WriteText(Console.Out);
        }
    }
}
