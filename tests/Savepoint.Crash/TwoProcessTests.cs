namespace Savepoint.Crash;

/// <summary>Two processes on one workspace, of which one is killed at its worst moment: the other goes on.</summary>
public sealed class TwoProcessTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name).Where(name => name is not "init" and not "status (a scan)")];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_death_of_one_process_keeps_no_other_from_its_work(string name)
    {
        if (!FaultLayer.IsHere($"another process beside '{name}'"))
        {
            return;
        }

        using var first = Stage.Make(name);
        var tally = new Tally(name, "killed while another one works") { Points = first.Changes };
        var points = Spread.Over(first.Changes, Size.IsLong ? Math.Min(Size.KillPoints, first.Scenario.MaxPoints) : 2).ToList();
        Spread.Share(name, points, (stage, at) => KillBesideAnother(stage, tally, at), first);
        tally.Check();
        Assert.True(tally.Counted > 0, "no process was stopped past the opening of its store");
    }

    // The one is stopped, with all locks that it holds; the other comes as far as it can; then the first dies.
    private static void KillBesideAnother(Stage stage, Tally tally, long at)
    {
        using var stopped = stage.Start(new Fault { StopAt = at });
        RunningCommand.Until(() => stopped.IsStopped);
        File.WriteAllText(Path.Combine(stage.World.Root, "of-the-other"), "of the other");
        using var other = stage.World.Start(Fault.None, ["capture", "of-the-other", "--json"]);
        RunningCommand.Until(() => other.IsPastOpening);
        stopped.Kill();
        var (dead, done) = (stopped.End(), other.End());
        var losses = new List<string>();
        if (!dead.HasFired)
        {
            return;
        }

        if (done.ExitCode != 0)
        {
            losses.Add($"the other ended with {done.ExitCode}: {done.Error}");
        }
        else if (!stage.World.Recorded("@").Holds("of the other"u8.ToArray()))
        {
            losses.Add("what the other recorded is not in the head");
        }

        var tree = stage.World.Tree();
        File.Delete(Path.Combine(stage.World.Root, "of-the-other"));
        losses.AddRange(tree.Holds("of the other"u8.ToArray()) ? [] : ["the other's file is gone"]);
        losses.AddRange(new Aftermath(stage).Losses(dead));
        tally.Add(dead.IsStoreOpened && dead.IsKilled, at > 1, losses.Select(loss => $"killed before call {at} ({dead.Where}): {loss}").ToList());
    }
}
