using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

public sealed class MeasureTests
{
    [Fact]
    public async Task It_counts_what_a_baseline_then_records()
    {
        using var workspace = new Workspace();
        workspace.Write(".gitignore", "*.log\nbuild/\n");
        workspace.Write("src/a.txt", "12345");
        workspace.Write("src/a.log", "ignored");
        workspace.Write("build/b.bin", "ignored");

        var size = SnapshotManager.Measure(workspace.Root, workspace.Options);

        await using var manager = await workspace.InitAsync();
        var tree = manager.TreeAt(manager.Head!.Value).Values;
        Assert.Equal(tree.Count(), size.EntryCount);
        Assert.Equal(tree.OfType<FileState.Regular>().Count(), size.FileCount);
        Assert.Equal(tree.OfType<FileState.Regular>().Sum(file => file.SizeBytes), size.TotalBytes);
        Assert.True(size.IsComplete);
    }

    [Fact]
    public void It_writes_nothing_and_tracks_nothing()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "a");

        SnapshotManager.Measure(workspace.Root, workspace.Options);

        Assert.False(Path.Exists(workspace.Options.StoreHome));
        Assert.Null(SnapshotManager.FindWorkspace(workspace.Root, workspace.Options));
    }

    [Fact]
    public void What_may_not_be_tracked_is_refused()
    {
        using var workspace = new Workspace();

        var refusal = Assert.Throws<SavepointException>(() => SnapshotManager.Measure(workspace.Root, workspace.Options with { HomeDirectory = workspace.Root }));

        Assert.Equal(ErrorCode.RefusedWorkspace, refusal.Code);
    }

    [Fact]
    public void A_look_that_is_cut_short_says_so()
    {
        using var workspace = new Workspace();
        workspace.Write("below/a.txt", "a"); // a look reads at least one directory, however short its time

        var size = SnapshotManager.Measure(workspace.Root, workspace.Options with { ScanDeadline = TimeSpan.FromTicks(1) });

        Assert.False(size.IsComplete);
    }
}
