using System.Diagnostics;
using Savepoint.Model;
using Savepoint.Tests.Fidelity;
using Xunit;

namespace Savepoint.Tests.Editing;

/// <summary>Edits of several files beside death, other processes, and folders that are closed.</summary>
public sealed class KilledEditTests
{
    private const int FileCount = 300;
    private const int KillCount = 10;

    [Fact]
    public async Task A_diff_whose_process_is_killed_at_any_moment_is_applied_wholly_or_not_at_all()
    {
        using var workspace = new Workspace();
        var diffs = await MakeDiffsAsync(workspace);
        string[] trees = [Manifest.OfTree(workspace.Root), ""];
        var whole = Stopwatch.StartNew();
        await ChildProcess.RunAsync("apply a diff", workspace.Root, workspace.Options.StoreHome, diffs[0]);
        var longest = whole.Elapsed;
        trees[1] = Manifest.OfTree(workspace.Root);
        Assert.NotEqual(trees[0], trees[1]);

        var random = new Random(1);
        var (recovered, stands) = (0, 1);
        for (var i = 0; i < KillCount; i++)
        {
            using var child = ChildProcess.Start("apply a diff", workspace.Root, workspace.Options.StoreHome, diffs[stands]);
            Assert.Equal("begins", await child.HearAsync());
            Spin(longest * 0.7 * random.NextDouble());
            child.Kill();

            await using var manager = await workspace.OpenAsync();
            var tree = Manifest.OfTree(workspace.Root);
            var other = 1 - stands;
            var isDone = tree == trees[other];
            Assert.Equal(trees[isDone ? other : stands], tree);
            if (manager.Recovered is not null)
            {
                recovered++;
                Assert.True(isDone);
                var snapshot = manager.GetSnapshot(manager.Head!.Value);
                Assert.Equal((SnapshotKind.Operation, "child", "killed", "ApplyUnifiedDiff"), (snapshot.Kind, snapshot.Actor.Agent, snapshot.Actor.Turn, snapshot.Tool));
            }

            stands = isDone ? other : stands;
        }

        await using var last = await workspace.OpenAsync();
        Assert.Equal("", Shell.Run(workspace.Root, "find . -name '.~sp-*'"));
        Assert.Empty(last.Verify(deep: true).Problems);
        Assert.InRange(recovered, 1, KillCount);
    }

    [Fact]
    public async Task Two_agents_that_edit_one_file_at_once_lose_nothing()
    {
        const int Edits = 40;
        using var workspace = new Workspace();
        workspace.Write("log.txt", "");
        await using var one = await workspace.InitAsync();
        await using var other = await workspace.OpenAsync();

        async Task AppendAsync(SnapshotManager manager, string name)
        {
            for (var i = 0; i < Edits; i++)
            {
                var result = await new EditingTools(manager).ApplyRangedEditAsync("log.txt", $"{name} {i}\n", -1, -1, new CaptureContext { Actor = new Actor(name) });
                Assert.True(result.Success, result.Message);
            }
        }

        await Task.WhenAll(Task.Run(() => AppendAsync(one, "one")), Task.Run(() => AppendAsync(other, "other")));

        var lines = workspace.Read("log.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, Edits).Select(i => $"one {i}"), lines.Where(line => line.StartsWith("one", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(0, Edits).Select(i => $"other {i}"), lines.Where(line => line.StartsWith("other", StringComparison.Ordinal)));
        Assert.Equal(1 + (2 * Edits), one.Head!.Value.Value);
    }

    [Fact]
    public async Task A_folder_closed_to_writing_stays_so_and_the_whole_edit_is_refused()
    {
        using var workspace = new Workspace();
        workspace.Write("closed/a", "a\n");
        workspace.Write("b", "b\n");
        Shell.Run(workspace.Root, "chmod 555 closed");
        await using var manager = await workspace.InitAsync();

        var result = await new EditingTools(manager).ApplyUnifiedDiffAsync("--- a/b\n+++ b/b\n@@ -1 +1 @@\n-b\n+B\n--- a/closed/a\n+++ b/closed/a\n@@ -1 +1 @@\n-a\n+A\n");

        Assert.False(result.Success);
        Assert.Contains("closed may not be written into: its mode is 0555", result.Message);
        Assert.Equal(("a\n", "b\n"), (workspace.Read("closed/a"), workspace.Read("b")));
    }

    /// <summary>A workspace of many files, and in files beside it a diff of all of them and its reverse.</summary>
    private static async Task<string[]> MakeDiffsAsync(Workspace workspace)
    {
        for (var i = 0; i < FileCount; i++)
        {
            workspace.Write($"folder-{i % 20}/file-{i}", $"one {i}\n");
        }

        await using var manager = await workspace.InitAsync();
        var diff = string.Concat(Enumerable.Range(0, FileCount).Select(i => (Name: $"folder-{i % 20}/file-{i}", Number: i)).Select(file => (file.Number % 3) switch
        {
            0 => $"--- a/{file.Name}\n+++ /dev/null\n@@ -1 +0,0 @@\n-one {file.Number}\n",
            1 => $"--- /dev/null\n+++ b/made-{file.Number}/{file.Number}\n@@ -0,0 +1 @@\n+new\n",
            _ => $"--- a/{file.Name}\n+++ b/{file.Name}\n@@ -1 +1 @@\n-one {file.Number}\n+two {file.Number}\n",
        }));
        var there = Path.Combine(workspace.Scratch, "there.diff");
        var back = Path.Combine(workspace.Scratch, "back.diff");
        await File.WriteAllTextAsync(there, diff, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(back, Diffs(diff), TestContext.Current.CancellationToken);
        return [there, back];
    }

    private static byte[] Diffs(string diff) => Savepoint.Diffs.GitPatchParser.Parse(System.Text.Encoding.UTF8.GetBytes(diff)).Reverse().ToBytes();

    private static void Spin(TimeSpan time)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time;)
        {
            Thread.SpinWait(1000);
        }
    }
}
