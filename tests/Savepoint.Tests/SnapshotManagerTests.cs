using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests;

public sealed class SnapshotManagerTests
{
    [Theory]
    [InlineData("@{200000w}")]
    [InlineData("@{1000000w}")]
    [InlineData("@{0001-01-01}")]
    public async Task A_time_before_all_times_is_before_the_history(string revision)
    {
        using var workspace = new Workspace();
        workspace.Options = workspace.Options with { Time = new EasternTime() };
        await using var manager = await workspace.InitAsync();

        var refusal = Assert.Throws<SavepointException>(() => manager.Resolve(Revision.Parse(revision)));

        Assert.StartsWith("There is no snapshot as old as ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announced_edit_is_one_snapshot_with_its_patch()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "one\ntwo\n");
        await using var manager = await workspace.InitAsync();

        var edit = await manager.BeginEditAsync(Workspace.Paths("a.txt"), new CaptureContext { Tool = "Edit" });
        workspace.Write("a.txt", "one\nTWO\n");
        var result = await edit.CommitAsync();

        Assert.Equal(2, result.Snapshot!.Number.Value);
        Assert.Equal(ChangeKind.Modify, Assert.Single(result.Snapshot.Changes).Kind);
        Assert.Contains("-two\n+TWO\n", System.Text.Encoding.UTF8.GetString(result.Patch!.ToBytes()));
    }

    [Fact]
    public async Task Undo_and_redo_walk_back_and_forth()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "1");
        await using var manager = await workspace.InitAsync();
        foreach (var text in new[] { "2", "3" })
        {
            workspace.Write("a.txt", text);
            await manager.CaptureAsync();
        }

        Assert.Equal(RestoreEnding.Restored, (await manager.UndoAsync()).Ending);
        Assert.Equal("2", workspace.Read("a.txt"));
        await manager.UndoAsync();
        Assert.Equal("1", workspace.Read("a.txt"));
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.UndoAsync()).Ending);
        await manager.RedoAsync();
        Assert.Equal("2", workspace.Read("a.txt"));
        await manager.RedoAsync();
        Assert.Equal("3", workspace.Read("a.txt"));
        Assert.Equal(RestoreEnding.NothingToDo, (await manager.RedoAsync()).Ending);
        await manager.UndoAsync(2);
        Assert.Equal("1", workspace.Read("a.txt"));
        await manager.RedoAsync(2);
        Assert.Equal("3", workspace.Read("a.txt"));
    }

    [Fact]
    public async Task A_rollback_records_what_was_unrecorded_and_can_be_undone()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "1");
        workspace.Write("dir/b.txt", "b");
        await using var manager = await workspace.InitAsync();
        workspace.Write("a.txt", "by hand");
        workspace.Write("new/c.txt", "c");
        File.Delete(workspace.At("dir/b.txt"));

        var result = await manager.RollbackAsync(new SnapshotNumber(1));

        Assert.Equal(RestoreEnding.Restored, result.Ending);
        Assert.True(result.IsVerified);
        Assert.Equal(2, result.Drift!.Value.Value);
        Assert.Equal("1", workspace.Read("a.txt"));
        Assert.Equal("b", workspace.Read("dir/b.txt"));
        Assert.False(Directory.Exists(workspace.At("new")));

        await manager.UndoAsync();
        Assert.Equal("by hand", workspace.Read("a.txt"));
        Assert.Equal("c", workspace.Read("new/c.txt"));
        Assert.False(File.Exists(workspace.At("dir/b.txt")));
    }

    [Fact]
    public async Task A_dry_run_says_what_the_rollback_then_does_unrecorded_changes_included()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "1");
        workspace.Write("b.txt", "1");
        await using var manager = await workspace.InitAsync();
        workspace.Write("a.txt", "2");
        await manager.CaptureAsync();
        workspace.Write("a.txt", "3");
        workspace.Write("new.txt", "new");
        File.Delete(workspace.At("b.txt"));

        var dry = await manager.RollbackAsync(new SnapshotNumber(1), dryRun: true);

        Assert.Equal(RestoreEnding.DryRun, dry.Ending);
        Assert.Equal("3", workspace.Read("a.txt"));
        Assert.Equal(2, manager.Head!.Value.Value);
        Assert.Equal(["write a.txt", "write b.txt", "delete new.txt"], Steps(dry));
        Assert.Equal(Steps(dry), Steps(await manager.RollbackAsync(new SnapshotNumber(1))));
    }

    [Fact]
    public async Task A_moved_file_is_one_change()
    {
        using var workspace = new Workspace();
        workspace.Write("a.txt", "some content");
        await using var manager = await workspace.InitAsync();
        File.Move(workspace.At("a.txt"), workspace.At("b.txt"));

        var change = Assert.Single((await manager.CaptureAsync()).Snapshot!.Changes);

        Assert.Equal(ChangeKind.Rename, change.Kind);
        Assert.Equal("a.txt", change.OldPath.ToString());
        var read = manager.GetSnapshot(new SnapshotNumber(2));
        Assert.Equal(change, Assert.Single(read.Changes));
        Assert.True(manager.Verify(deep: true).IsClean, string.Join("\n", manager.Verify().Problems));
    }

    private static List<string> Steps(RestoreResult result) =>
        [.. result.Files.Select(file => $"{file.Action.ToString().ToLowerInvariant()} {file.Path}")];

    private sealed class EasternTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(14), null, null);
    }
}
