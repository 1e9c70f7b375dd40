namespace Savepoint.Bench.Spec;

/// <summary>How often each thing is done.</summary>
/// <param name="WarmUpRounds">Edits before the first that is timed.</param>
/// <param name="RollbackOperations">The length of the history in which rollbacks are timed.</param>
internal sealed record SpecEffort(int WarmUpRounds, int RollbackOperations)
{
    /// <summary>For a look in between. The runtime compiles what is called often again until about the 4,000th edit; a native process has none of that.</summary>
    public static SpecEffort Quick { get; } = new(4000, 20_000);

    /// <summary>What a success rate must rest on, wherever it is not a process each.</summary>
    public static SpecEffort Full { get; } = Quick with
    {
        RollbackOperations = 100_000,
        MilestonesInProcess = 10_000,
        CleanUps = 10_000,
        Returns = 10,
        ServerCalls = 100_000,
        Kills = 10_000,
    };

    /// <summary>The least of everything: shows that every row can be measured, and nothing about speed.</summary>
    public static SpecEffort Smoke { get; } = new(WarmUpRounds: 10, RollbackOperations: 40)
    {
        Milestones = 2,
        MilestonesInProcess = 2,
        Accesses = 20,
        CleanUps = 2,
        Returns = 1,
        ServerCalls = 40,
        Versions = 20,
        Rollbacks = 3,
        NearRollbacks = 3,
        Cycles = 2,
        Kills = 2,
        WatchedEdits = 3,
    };

    /// <summary>Each a process.</summary>
    public int Milestones { get; private init; } = 20;

    public int MilestonesInProcess { get; private init; } = 200;

    public int Accesses { get; private init; } = 10_000;

    public int CleanUps { get; private init; } = 300;

    /// <summary>Native processes that work, rest and are looked at.</summary>
    public int Returns { get; private init; } = 1;

    public int ServerCalls { get; private init; } = 10_000;

    public int Versions { get; private init; } = 10_000;

    /// <summary>To anywhere in the history: these are timed.</summary>
    public int Rollbacks { get; private init; } = 200;

    /// <summary>A few snapshots away each: these are counted with the others.</summary>
    public int NearRollbacks { get; private init; } = 9_800;

    public int Cycles { get; private init; } = 40;

    /// <summary>Undos that were still at work when they were killed.</summary>
    public int Kills { get; private init; } = 300;

    public int WatchedEdits { get; private init; } = 100;
}
