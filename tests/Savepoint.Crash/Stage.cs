using System.Diagnostics;
using System.Text.Json;

namespace Savepoint.Crash;

/// <summary>A scenario in a world of its own, and how it goes when nothing goes wrong.</summary>
internal sealed class Stage : IDisposable
{
    private Stage(World world, Scenario scenario) => (World, Scenario) = (world, scenario);

    public World World { get; }

    public Scenario Scenario { get; }

    public required History History { get; init; }

    /// <summary>The tree before the verb.</summary>
    public required TreeManifest Before { get; init; }

    /// <summary>The tree after it.</summary>
    public TreeManifest After { get; private set; } = null!;

    /// <summary>How many calls that change something it makes.</summary>
    public long Changes { get; private set; }

    /// <summary>How many calls it makes, reads too, by their <see cref="Effect"/>.</summary>
    public long[] Calls { get; private set; } = [];

    /// <summary>How long it takes from the opening of the store to its end.</summary>
    public TimeSpan Duration { get; private set; }

    public static Stage Make(string scenario)
    {
        var world = new World();
        try
        {
            var found = Scenarios.Named(scenario);
            var history = Scenarios.Prepare(world, found);
            var stage = new Stage(world, found) { History = history, Before = world.Tree() };
            world.Keep();
            stage.Measure();
            return stage;
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    /// <summary>Sets all back and runs the verb.</summary>
    public Ended Run(Fault fault)
    {
        World.Reset();
        return World.Run(fault, Scenario.Arguments, Scenario.Input);
    }

    /// <summary>Sets all back and starts the verb.</summary>
    public RunningCommand Start(Fault fault)
    {
        World.Reset();
        return World.Start(fault, Scenario.Arguments, Scenario.Input);
    }

    /// <summary>What the verb itself acknowledged before it ended: snapshots, and a text that a file of each holds.</summary>
    public static IEnumerable<(long Number, string Text)> AcknowledgedBy(Ended ended)
    {
        foreach (var line in ended.Output.Split('\n').SkipLast(1).Where(line => line.StartsWith("{\"jsonrpc\"", StringComparison.Ordinal) || line.StartsWith("{\"result\"", StringComparison.Ordinal)))
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.TryGetProperty("id", out var id) && id.TryGetInt32(out var number) && number >= 10
                && message.RootElement.TryGetProperty("result", out var result) && result.TryGetProperty("structuredContent", out var content)
                && content.TryGetProperty("snapshot", out var snapshot) && snapshot.ValueKind == JsonValueKind.Number)
            {
                yield return (snapshot.GetInt64(), $"edit {number - 10}\n");
            }
        }
    }

    public void Dispose() => World.Dispose();

    private void Measure()
    {
        Changes = World.Run(Fault.None, Scenario.Arguments, Scenario.Input).Expect(0).Changes;
        After = World.Tree();
        Calls = Run(Fault.None with { HasReads = true }).Expect(0).ByEffect;
        using var running = Start(Fault.None);
        RunningCommand.Until(() => running.IsPastOpening, isExact: true);
        var opened = Stopwatch.StartNew();
        running.End();
        Duration = opened.Elapsed;
    }
}
