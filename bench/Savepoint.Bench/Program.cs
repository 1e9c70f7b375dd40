using Savepoint.Bench;

const string OnlyIfNamed = "growth-million"; // a quarter of an hour

if (args is ["spec", ..])
{
    return await Savepoint.Bench.Spec.SpecRun.RunAsync(args[1..]);
}

if (args is [Savepoint.Bench.Spec.CleanUpRounds.Name, ..])
{
    return await Savepoint.Bench.Spec.CleanUpRounds.RunAsync(args[1..]);
}

if (args is ["decisions", ..])
{
    return await Savepoint.Bench.Decisions.DecisionsReplay.RunAsync(args[1..]);
}

var parts = new (string Name, Func<Task<IReadOnlyList<Row>>> Run)[]
{
    ("edit", EditBench.RunAsync),
    ("durability", DurabilityBench.RunAsync),
    ("layers", LayerBench.RunAsync),
    ("growth", GrowthBench.RunAsync),
    ("deciding", DecisionBench.RunAsync),
    ("process", ProcessBench.RunAsync),
    ("history", HistoryBench.RunAsync),
    ("prefetch", PrefetchBench.RunAsync),
    ("tree", TreeBench.RunAsync),
    ("large", LargeBench.RunAsync),
    ("watch", WatchBench.RunAsync),
    ("reports", ReportsBench.RunAsync),
    ("mcp", McpBench.RunAsync),
    ("branches", BranchBench.RunAsync),
    ("hooks", HookBench.RunAsync),
    ("try", TryBench.RunAsync),
    ("growth-history", () => HistoryGrowthBench.RunAsync(longest: 100_000)),
    (OnlyIfNamed, () => HistoryGrowthBench.RunAsync(longest: 1_000_000)),
};

if (!Arguments.AreKnown(args, parts.Select(part => part.Name)))
{
    return 2;
}

var missed = 0;
foreach (var (name, run) in parts)
{
    if (args.Length > 0 ? !args.Contains(name) : name == OnlyIfNamed)
    {
        continue;
    }

    foreach (var row in await run())
    {
        missed += row.IsMet ? 0 : 1;
        Console.WriteLine($"{row.Name,-52} {row.Measured,9:0.000} {row.Unit,-2}  goal {row.Goal,6:0.###} {row.Unit,-2}  {(row.IsMet ? "met   " : "MISSED")}  {row.Detail}");
    }
}

return missed == 0 ? 0 : 1;
