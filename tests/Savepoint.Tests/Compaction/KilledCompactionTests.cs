using System.Diagnostics;
using Savepoint.Compaction;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Compaction;

/// <summary>A real process, really killed, somewhere in a compaction that frees.</summary>
public sealed class KilledCompactionTests
{
    private const int KillCount = 6;

    [Fact]
    public async Task A_compaction_killed_at_any_moment_leaves_a_sound_store_and_the_next_goes_on()
    {
        var random = new Random(1);
        using var history = await RecordedHistory.WriteAsync([]);
        for (var i = 0; i < KillCount; i++)
        {
            for (var edit = 0; edit < 12; edit++)
            {
                await history.EditAsync($"file-{edit % 3}", $"{i} {edit} one\n");
                await history.EditAsync($"file-{edit % 3}", $"{i} {edit} two\n");
                history.Pause(20);
            }

            await history.FillAsync(50);
            var states = history.States();
            using var child = ChildProcess.Start("compact", history.Root, history.Stores);
            Assert.Equal("begins", await child.HearAsync());
            Spin(TimeSpan.FromMilliseconds(150 * random.NextDouble()));
            child.Kill();

            history.Check(states, CompactionLevel.Aggressive);
        }

        await history.Manager.CompactAsync(CompactionLevel.Aggressive);
        Assert.Empty((await history.Manager.CompactAsync(CompactionLevel.Aggressive)).Merges);
        Assert.Empty(history.Manager.Verify(deep: true).Problems);
    }

    private static void Spin(TimeSpan time)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time;)
        {
            Thread.SpinWait(1000);
        }
    }
}
