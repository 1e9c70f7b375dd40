namespace Savepoint.Bench.Spec;

/// <summary>A project of the seed's second table, and how much is done on it.</summary>
/// <param name="Name">small, medium or large.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="HistoryEdits">The edits that our store and git hold alike.</param>
/// <param name="Rounds">The edits that are captured and undone.</param>
/// <param name="Sustained">How long captures go on without a pause.</param>
/// <param name="Effort">How often everything else is done.</param>
internal sealed record SpecSize(string Name, int Files, int HistoryEdits, int Rounds, TimeSpan Sustained, SpecEffort Effort)
{
    private const int CountedRounds = 10_000; // what a success rate must rest on

    public static IReadOnlyList<SpecSize> Quick { get; } =
    [
        new("small", 86, 500, CountedRounds, TimeSpan.FromSeconds(5), SpecEffort.Quick),
        new("medium", 986, 500, CountedRounds, TimeSpan.FromSeconds(5), SpecEffort.Quick),
        new("large", 3_000, 200, CountedRounds, TimeSpan.FromSeconds(5), SpecEffort.Quick),
    ];

    public static IReadOnlyList<SpecSize> Full { get; } =
    [
        new("small", 86, 5000, CountedRounds, TimeSpan.FromMinutes(1), SpecEffort.Full),
        new("medium", 986, 5000, CountedRounds, TimeSpan.FromMinutes(1), SpecEffort.Full),
        new("large", 79_000, 1000, CountedRounds, TimeSpan.FromMinutes(1), SpecEffort.Full),
    ];

    public static IReadOnlyList<SpecSize> Smoke { get; } =
    [
        new("small", 86, 20, 40, TimeSpan.FromSeconds(0.2), SpecEffort.Smoke),
        new("medium", 100, 20, 40, TimeSpan.FromSeconds(0.2), SpecEffort.Smoke),
        new("large", 120, 20, 40, TimeSpan.FromSeconds(0.2), SpecEffort.Smoke),
    ];
}
