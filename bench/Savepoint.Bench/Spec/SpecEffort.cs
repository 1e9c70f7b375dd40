namespace Savepoint.Bench.Spec;

/// <summary>How often each thing is done.</summary>
/// <param name="WarmUpRounds">Edits before the first that is timed.</param>
/// <param name="RollbackOperations">The length of the history in which rollbacks are timed.</param>
internal sealed record SpecEffort(int WarmUpRounds, int RollbackOperations)
{
    /// <summary>For a look in between. The runtime compiles what is called often again until about the 4,000th edit; a native process has none of that.</summary>
    public static SpecEffort Quick { get; } = new(4000, 20_000);

    public static SpecEffort Full { get; } = Quick with { RollbackOperations = 100_000 };

    /// <summary>The least of everything: shows that every row can be measured, and nothing about speed.</summary>
    public static SpecEffort Smoke { get; } = new(WarmUpRounds: 10, RollbackOperations: 40)
    {
        Milestones = 2,
        Accesses = 20,
        CleanUps = 2,
        Versions = 20,
        Rollbacks = 3,
        Cycles = 2,
        Kills = 2,
        WatchedEdits = 3,
    };

    public int Milestones { get; private init; } = 20;

    public int Accesses { get; private init; } = 10_000;

    public int CleanUps { get; private init; } = 50;

    public int Versions { get; private init; } = 2000;

    public int Rollbacks { get; private init; } = 200;

    public int Cycles { get; private init; } = 40;

    public int Kills { get; private init; } = 50;

    public int WatchedEdits { get; private init; } = 100;
}
