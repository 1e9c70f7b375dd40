using System.Text;

namespace Savepoint.Crash;

/// <summary>
/// Restore under fire: another process writes into the workspace before each call of a restore in turn, and it may die just
/// after. What that process wrote stands in the tree or in a snapshot; it is never gone.
/// </summary>
public sealed class FireTests
{
    /// <summary>What others do: each to a path that the rollback writes, deletes, makes or removes.</summary>
    private static readonly string[] Interventions =
    [
        "printf foreign > modified",
        "printf foreign > added",
        "printf foreign > deleted",
        "printf foreign > aside && mv aside file-to-folder",
        "rm -f file-to-link && printf foreign > file-to-link",
        "printf foreign > fresh/unknown",
        "mkdir -p folder-to-file && printf foreign > folder-to-file/inner",
        "rm -f modified && mkdir modified && printf foreign > modified/inside",
        "printf foreign > ignored/keep",
    ];

    private static readonly byte[] Foreign = Encoding.UTF8.GetBytes("foreign");

    [Fact]
    public void What_others_write_before_any_call_of_a_restore_is_never_lost()
    {
        if (FaultLayer.IsHere("writes of others during a restore"))
        {
            Try("written into before each call", killsAfter: 0);
        }
    }

    [Fact]
    public void What_others_write_before_any_call_of_a_restore_that_dies_at_the_next_is_never_lost()
    {
        if (FaultLayer.IsHere("writes of others just before a death"))
        {
            Try("written into, then killed at the next", killsAfter: 1);
            Try("written into, then killed two calls on", killsAfter: 2);
        }
    }

    [Fact]
    public void A_restore_that_meets_a_path_it_cannot_write_changes_nothing_and_names_it()
    {
        if (!FaultLayer.IsHere("a path that cannot be written"))
        {
            return;
        }

        using var stage = Stage.Make("rollback of all kinds");
        var last = stage.Calls[(int)Effect.Names];
        foreach (var at in Spread.Over(last, Size.IsLong ? int.MaxValue : 12))
        {
            var fault = new Fault { FailAt = at, Error = Errno.EROFS };
            var ended = stage.Run(fault);
            if (ended.ExitCode == 0)
            {
                continue; // what failed was not needed
            }

            Assert.True(stage.World.Tree().Equals(stage.Before), $"{fault} ({ended.Where}): {stage.World.Tree().Difference(stage.Before)}");
            if (ended.Output.Length == 0)
            {
                Assert.Contains("savepoint: ", ended.Error, StringComparison.Ordinal); // it failed before there was a plan
                continue;
            }

            var files = ended.Json.GetProperty("files").EnumerateArray().ToList();
            Assert.False(ended.Json.GetProperty("verified").GetBoolean());
            Assert.DoesNotContain(files, file => file.GetProperty("result").GetString() == "done");
            var failed = Assert.Single(files, file => file.GetProperty("result").GetString() == "failed");
            Assert.Contains("read-only", failed.GetProperty("reason").GetString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    private static void Try(string manner, int killsAfter)
    {
        const string Name = "rollback of all kinds";
        using var first = Stage.Make(Name);
        var tally = new Tally(Name, manner) { Points = first.Changes * Interventions.Length };

        // In a short run each intervention comes before other calls.
        var points = Interventions.SelectMany((script, i) => Spread.Over(first.Changes, Size.IsLong ? Size.KillPoints : 2)
            .Select(at => (Script: script, At: Size.KillPoints >= first.Changes ? at : Math.Max(1, at - (first.Changes * i / (2 * Interventions.Length)))))).ToList();
        Spread.Share(Name, points, (stage, point) => Intervene(stage, tally, point.Script, point.At, killsAfter), first);
        tally.Check();
        Assert.True(tally.Between > 0, "nobody wrote anything");
    }

    private static void Intervene(Stage stage, Tally tally, string intervention, long at, int killsAfter)
    {
        var told = Path.Combine(stage.World.Directory, "told");
        File.Delete(told);
        var script = $"cd '{stage.World.Root}' && ({intervention}) 2>/dev/null && : > '{told}'";
        var fault = new Fault { RunAt = at, Script = script, KillAt = killsAfter == 0 ? 0 : at + killsAfter };
        var ended = stage.Run(fault);
        var hasWritten = File.Exists(told);
        var losses = new List<string>();
        if (ended.ExitCode is not (0 or 1) && !ended.IsKilled)
        {
            losses.Add($"ended with {ended.ExitCode}: {ended.Error}");
        }

        var next = stage.World.Run("status", "--json");
        if (next.ExitCode != 0)
        {
            losses.Add($"the next command ended with {next.ExitCode}: {next.Error}");
        }

        var tree = stage.World.Tree();
        if (hasWritten && !tree.Holds(Foreign) && !IsRecorded(stage.World, next))
        {
            losses.Add("what another process wrote is lost");
        }

        if (ended.ExitCode == 0 && IsVerified(ended) && !tree.Equals(stage.After) && !(hasWritten && tree.Holds(Foreign)) && !intervention.Contains("ignored", StringComparison.Ordinal))
        {
            losses.Add($"verified, and another tree: {tree.Difference(stage.After)}");
        }

        losses.AddRange(tree.Temporary().Select(path => $"left behind: {path}"));
        var verified = stage.World.Run("verify", "--deep");
        if (verified.ExitCode != 0)
        {
            losses.Add($"verify ended with {verified.ExitCode}: {verified.Output}{verified.Error}");
        }

        tally.Add(ended.IsStoreOpened, hasWritten, losses.Select(loss => $"'{intervention}' before call {at}{(killsAfter == 0 ? "" : $", killed at {at + killsAfter}")} ({ended.Where}): {loss}").ToList());
    }

    private static bool IsVerified(Ended ended) => ended.Output.Contains("\"verified\":true", StringComparison.Ordinal);

    private static bool IsRecorded(World world, Ended status)
    {
        for (var number = status.Json.GetProperty("head").GetInt64(); number > 0; number--)
        {
            if (world.Recorded($"{number}").Holds(Foreign))
            {
                return true;
            }
        }

        return false;
    }
}
