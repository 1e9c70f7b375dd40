using System.Diagnostics;

namespace Savepoint.Crash;

/// <summary>
/// Power losses at random moments of captures and rollbacks. With <c>durability: disk</c> nothing that was acknowledged is
/// lost; by default a last stretch is, whole snapshots at a time, and what is left is sound.
/// </summary>
public sealed class PowerTests
{
    [Fact]
    public void A_power_loss_takes_no_more_than_the_durability_promises()
    {
        if (!FaultLayer.IsHere("power losses") || PowerDisk.TryMount() is not { } disk)
        {
            return;
        }

        using (disk)
        {
            Report.Row(PowerTally.Heading);
            foreach (var durability in (string[])["disk", "process"])
            {
                foreach (var how in Enum.GetValues<PowerDisk.Shutdown>())
                {
                    Lose(disk, durability, how);
                }
            }
        }
    }

    private static void Lose(PowerDisk disk, string durability, PowerDisk.Shutdown how)
    {
        var tally = new PowerTally(durability, how);
        var random = new Random(29 + (int)how);
        for (var i = 0; i < Size.Shutdowns; i++)
        {
            using var world = new World(Path.Combine(disk.Path, $"world-{durability}-{(int)how}-{i}"));
            world.Configure($$"""{"durability":"{{durability}}"}""");
            var work = new PowerWork(world);
            work.Begin();
            var (steps, more) = (random.Next(1, Size.IsLong ? 24 : 7), TimeSpan.FromMilliseconds(random.Next(0, 60)));
            var cut = Task.Run(() =>
            {
                RunningCommand.Until(() => work.Steps >= steps);
                for (var waited = Stopwatch.StartNew(); waited.Elapsed < more;)
                {
                    Thread.SpinWait(100);
                }

                disk.Cut(how);
            });
            work.GoOnUntilTheEnd();
            cut.GetAwaiter().GetResult();
            disk.Restart();
            tally.Add(work, $"loss {i}, {more.TotalMilliseconds} ms after step {steps}");
        }

        tally.Check();
    }
}
