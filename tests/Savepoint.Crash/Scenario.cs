namespace Savepoint.Crash;

/// <summary>One verb at work, that is to be killed or to fail anywhere.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }

    /// <summary>Makes the history that it works on; null leaves the small one of <see cref="Scenarios"/> as it is.</summary>
    public Action<World, History>? Prepare { get; init; }

    public required string[] Arguments { get; init; }

    /// <summary>What it reads on standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>The most injection points that are tried in a long run: of thousands that write one page each like the one before, some do.</summary>
    public int MaxPoints { get; init; } = int.MaxValue;

    /// <summary>Whether the workspace is not tracked yet.</summary>
    public bool BeginsUntracked { get; init; }

    /// <summary>The verb that an agent or a person would repeat after a crash; null where repeating it would be one step more.</summary>
    public string[]? Repeat { get; init; }

    /// <summary>Whether it makes several changes that stand each by itself, so that some may be there and some not.</summary>
    public bool HasManySteps { get; init; }

    public override string ToString() => Name;
}

/// <summary>What was acknowledged before the verb under test began: snapshots, and the tree when each was recorded.</summary>
internal sealed class History(World world)
{
    /// <summary>The directory whose files an ignore rule keeps out of every snapshot.</summary>
    public const string Ignored = "ignored";

    private readonly List<(long Number, TreeManifest Tree)> _acknowledged = [];

    public IReadOnlyList<(long Number, TreeManifest Tree)> Acknowledged => _acknowledged;

    /// <summary>Records the tree; its number counts as acknowledged.</summary>
    public long Capture(params string[] options)
    {
        var answer = world.Run(["capture", "--json", .. options]).Expect(0).Json;
        return Acknowledge(answer.GetProperty("snapshot").GetInt64());
    }

    /// <summary>Begins to track.</summary>
    public long Init() => Acknowledge(world.Run("init", "--json").Expect(0).Json.GetProperty("snapshot").GetInt64());

    /// <summary>Notes that a snapshot holds the tree as it is now.</summary>
    public long Acknowledge(long number)
    {
        _acknowledged.Add((number, world.Tree().Without(Ignored)));
        return number;
    }
}
