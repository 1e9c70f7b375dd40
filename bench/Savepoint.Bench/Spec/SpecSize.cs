namespace Savepoint.Bench.Spec;

/// <summary>A project of the seed's second table, and how much is done on it.</summary>
/// <param name="Name">small, medium or large.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="HistoryEdits">The edits that our store and git hold alike.</param>
/// <param name="Rounds">The edits that are captured and undone.</param>
/// <param name="Sustained">How long captures go on without a pause.</param>
internal sealed record SpecSize(string Name, int Files, int HistoryEdits, int Rounds, TimeSpan Sustained)
{
    private const int CountedRounds = 10_000; // what a success rate must rest on

    public static IReadOnlyList<SpecSize> Quick { get; } =
    [
        new("small", 86, 500, CountedRounds, TimeSpan.FromSeconds(5)),
        new("medium", 986, 500, CountedRounds, TimeSpan.FromSeconds(5)),
        new("large", 10_185, 200, CountedRounds, TimeSpan.FromSeconds(5)),
    ];

    public static IReadOnlyList<SpecSize> Full { get; } =
    [
        new("small", 86, 5000, CountedRounds, TimeSpan.FromMinutes(1)),
        new("medium", 986, 5000, CountedRounds, TimeSpan.FromMinutes(1)),
        new("large", 79_000, 1000, CountedRounds, TimeSpan.FromMinutes(1)),
    ];
}
