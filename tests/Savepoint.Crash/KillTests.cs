using System.Diagnostics;

namespace Savepoint.Crash;

/// <summary>Real processes, really killed: before each call that changes something in turn, and at any moment.</summary>
public sealed class KillTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Killed_before_each_call_or_half_way_through_it_a_verb_loses_nothing(string name)
    {
        if (!FaultLayer.IsHere($"kills of '{name}'"))
        {
            return;
        }

        using var first = Stage.Make(name);
        var tally = new Tally(name, "killed before each call") { Points = first.Changes };

        // A few beyond the last that was seen: threads do not always make the same calls. Odd ones are torn when not all are tried both ways.
        var count = Math.Min(Size.KillPoints, first.Scenario.MaxPoints);
        var isAll = count >= first.Changes;
        var points = Spread.Over(first.Changes, count).SelectMany((at, i) => isAll ? [(at, false), (at, true)] : new[] { (at, i % 2 == 1) }).ToList();
        Spread.Share(name, points, (stage, point) => Kill(stage, tally, point.Item1, point.Item2), first);

        tally.Check();
        Assert.True(tally.Counted > 0, "no kill came past the opening of the store");
    }

    [Fact]
    public void Killed_at_any_moment_no_verb_loses_anything()
    {
        if (!FaultLayer.IsHere("random kills"))
        {
            return;
        }

        // What 'run' starts outlives it, and would write while we look: it is killed at its own calls only.
        var all = new Tally("all verbs", "killed at a random moment");
        foreach (var name in Scenarios.All.Select(scenario => scenario.Name).Where(name => name != "run"))
        {
            using var first = Stage.Make(name);
            var tally = new Tally(name, "killed at a random moment") { Points = first.Changes };
            var random = new Random(17);
            var moments = Enumerable.Range(0, Size.RandomKills).Select(_ => random.NextDouble()).ToList();
            Spread.Share(name, moments, (stage, moment) => KillAt(stage, moment, tally, all), first);
            tally.Check();
        }

        all.Check();
        Assert.True(all.ShareBetween >= 0.3, $"{all.Between} of {all.Counted} kills fell between the first and the last change");
    }

    private static void Kill(Stage stage, Tally tally, long at, bool isTorn)
    {
        var fault = new Fault { KillAt = at, IsTorn = isTorn };
        var ended = stage.Run(fault);
        if (!ended.HasFired)
        {
            return; // it made fewer calls this time
        }

        tally.Add(ended.IsStoreOpened && ended.IsKilled, at > 1, new Aftermath(stage).Losses(ended).Select(loss => $"{fault} ({ended.Where}): {loss}"));
    }

    private static void KillAt(Stage stage, double moment, params Tally[] tallies)
    {
        using var running = stage.Start(Fault.None);
        RunningCommand.Until(() => running.IsPastOpening, isExact: true);
        for (var opened = Stopwatch.StartNew(); opened.Elapsed < stage.Duration * moment;)
        {
            Thread.SpinWait(50);
        }

        running.Kill();
        var ended = running.End();
        var losses = new Aftermath(stage).Losses(ended).Select(loss => $"killed after {moment:P0} of its time, {ended.Changes} of {stage.Changes} calls: {loss}").ToList();
        foreach (var tally in tallies)
        {
            tally.Add(ended.IsStoreOpened && ended.IsKilled, ended.Changes > 0 && ended.Changes < stage.Changes, losses);
        }
    }
}
