using System.Diagnostics;
using System.Globalization;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Restoring;

/// <summary>A real process, really killed, somewhere in a rollback of many files.</summary>
public sealed class KilledRestoreTests
{
    private const int FileCount = 500;
    private const int KillCount = 12;

    [Fact]
    public async Task A_rollback_killed_at_any_moment_is_finished_by_the_next_opening()
    {
        using var workspace = new Workspace();
        WriteAll(workspace, "one");
        var trees = new string[2];
        await using (var manager = await workspace.InitAsync())
        {
            trees[0] = Manifest.OfTree(workspace.Root);
            WriteAll(workspace, "two");
            await manager.CaptureAsync();
            trees[1] = Manifest.OfTree(workspace.Root);
        }

        var whole = Stopwatch.StartNew();
        await ChildProcess.RunAsync("roll back", workspace.Root, workspace.Options.StoreHome, "1");
        var longest = whole.Elapsed;
        var random = new Random(1);
        var (recovered, stands) = (0, 0);
        for (var i = 0; i < KillCount; i++)
        {
            var target = 1 - stands;
            using var child = ChildProcess.Start("roll back", workspace.Root, workspace.Options.StoreHome, (target + 1).ToString(CultureInfo.InvariantCulture));
            Assert.Equal("begins", await child.HearAsync());
            Spin(longest * 0.6 * random.NextDouble());
            child.Kill();

            await using var manager = await workspace.OpenAsync();
            var tree = Manifest.OfTree(workspace.Root);
            stands = tree == trees[target] ? target : stands;
            Assert.Equal(trees[stands], tree);
            if (manager.Recovered is { } finished)
            {
                recovered++;
                Assert.Equal(RestoreEnding.Restored, finished.Ending);
                Assert.Equal(target, stands);
            }
        }

        await using var last = await workspace.OpenAsync();
        Assert.Equal("", Shell.Run(workspace.Root, "find . -name '.~sp-*'"));
        Assert.Empty(last.Verify(deep: true).Problems);
        Assert.InRange(recovered, 1, KillCount);
    }

    private static void WriteAll(Workspace workspace, string text)
    {
        for (var i = 0; i < FileCount; i++)
        {
            workspace.Write($"folder-{i % 20}/file-{i}", $"{text} {i}\n");
        }
    }

    private static void Spin(TimeSpan time)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time;)
        {
            Thread.SpinWait(1000);
        }
    }
}
